"""Inbox: which files have arrived since the last time, and their originals kept for ever."""

from zaoxue.inbox.archive import archive_file, archive_large_file, archived_path
from zaoxue.inbox.discover import ReceivedFile, discover

__all__ = ["ReceivedFile", "archive_file", "archive_large_file", "archived_path", "discover"]
