"""Keep the original bytes of every delivery, under the hash of their content, written once."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from zaoxue.workbooks.errors import UnreadableFileError

_CHUNK = 1024 * 1024


def archive_file(source: Path, archive: Path) -> tuple[str, bytes]:
    """Copy a file into the archive unless its content is there; return (sha256 as hex, its bytes).

    The copy appears under its final name only when it is complete and on disk, and is read-only from then on.
    Raises UnreadableFileError for a link or anything else that is no plain file, and for one that cannot be opened.
    """
    with _opened(source) as file:
        content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    target = archived_path(archive, digest)
    if not target.exists():
        draft = _draft(target)
        with draft.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        _publish(draft, target)
    return digest, content


def archive_large_file(source: Path, archive: Path) -> str:
    """As `archive_file`, a MiB at a time, for a file that will not be read: only its hash is returned."""
    hashing = hashlib.sha256()
    draft = _draft(archive / "incoming" / "large")
    with _opened(source) as file, draft.open("wb") as out:
        while chunk := file.read(_CHUNK):
            hashing.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    digest = hashing.hexdigest()
    target = archived_path(archive, digest)
    if target.exists():
        draft.unlink()
    else:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _publish(draft, target)
    return digest


def archived_path(archive: Path, digest: str) -> Path:
    """Where the content with that sha256 lies."""
    return archive / digest[:2] / digest


def _opened(source: Path) -> BinaryIO:
    """Open without following a link put in its place since it was found, and without waiting at a pipe."""
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableFileError(
            "文件无法打开（可能是链接、正在传输或没有权限），请直接放入文件本身",
            "The file cannot be opened (a link, still being sent, or no permission); put the file itself there",
        ) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableFileError("不是普通文件，不予读取", "Not a plain file; it is not read")
    return os.fdopen(handle, "rb")


def _draft(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return target.with_name(f"{target.name}.{os.getpid()}.part")


def _publish(draft: Path, target: Path) -> None:
    draft.chmod(0o400)
    draft.replace(target)
