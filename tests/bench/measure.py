"""CPU seconds of a client process and of the server it works with, wall time, and the client's peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from zaoxue.warehouse.embedded import EmbeddedPostgres


@dataclass(frozen=True)
class Run:
    """One run of one contestant. Seconds; `startup_cpu` (imports) is part of `client_cpu`; `peak_mib` is the client's."""

    rows: int
    client_cpu: float
    startup_cpu: float
    server_cpu: float
    wall: float
    peak_mib: float
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def cpu(self) -> float:
        """Client and server."""
        return self.client_cpu + self.server_cpu


def run_client(server: EmbeddedPostgres, command: list[str], rows: int) -> Run:
    """Run a command to its end. Its last line of output, if it is JSON, tells `startup_cpu`, `peak_mib` and what it saw.

    Both ends of the server's account wait until it is idle and has written its dirty pages (CHECKPOINT), so that no
    run pays for another one's.
    """
    before = _settled_server_cpu(server)
    started = time.perf_counter()
    environment = os.environ | {"GX_ANALYTICS_ENABLED": "false", "RUNTIME__DLTHUB_TELEMETRY": "false"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as client:
        assert client.stdout
        output = client.stdout.read()
        _, status, used = os.wait4(client.pid, 0)
        client.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if client.returncode:
        raise RuntimeError(f"{command[:4]} ended with {client.returncode}")
    server_cpu = _settled_server_cpu(server) - before
    last = output.strip().splitlines()[-1:]
    seen = json.loads(last[0]) if last and last[0].startswith("{") else {}
    return Run(
        rows,
        used.ru_utime + used.ru_stime,
        seen.pop("startup_cpu", 0.0),
        server_cpu,
        wall,
        seen.pop("peak_mib", used.ru_maxrss / 1024),
        seen,
    )


def peak_mib() -> float:
    """Peak resident memory of this process alone (ru_maxrss would count its parent before exec)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM: the bench needs Linux")


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown",
    )
    return {
        "processor": model,
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": sys.version.split()[0],
        "load_average": os.getloadavg(),
    }


def _settled_server_cpu(server: EmbeddedPostgres) -> float:
    with psycopg.connect(server.url, autocommit=True) as connection:
        while connection.execute(
            "select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
        ).fetchone():
            time.sleep(0.05)
        connection.execute("checkpoint")
    postmaster = psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
    own = postmaster.cpu_times()  # of children that have ended, too
    total = own.user + own.system + own.children_user + own.children_system
    for child in postmaster.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
