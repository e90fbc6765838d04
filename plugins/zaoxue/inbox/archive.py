"""Keep the original bytes of every delivery, under the hash of their content, written once."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def archive_file(source: Path, archive: Path) -> tuple[str, bytes]:
    """Copy a file into the archive unless its content is there; return (sha256 as hex, its bytes).

    The copy appears under its final name only when it is complete and on disk, and is read-only from then on.
    """
    content = source.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    target = archived_path(archive, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_name(f"{target.name}.{os.getpid()}.part")
        with draft.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o400)
        draft.replace(target)
    return digest, content


def archived_path(archive: Path, digest: str) -> Path:
    """Where the content with that sha256 lies."""
    return archive / digest[:2] / digest
