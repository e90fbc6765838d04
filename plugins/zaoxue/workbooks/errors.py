"""What is said of a file that cannot be read."""

from __future__ import annotations


class UnreadableFileError(ValueError):
    """A file that cannot be read, with the reason for its sender in Chinese and English."""

    def __init__(self, reason_zh: str, reason_en: str) -> None:
        super().__init__(reason_en)
        self.reason_zh = reason_zh
        self.reason_en = reason_en
