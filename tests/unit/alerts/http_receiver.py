"""A small webhook receiver: http_receiver.py RECORD MODE. Prints its port; writes one line for each message taken."""

from __future__ import annotations

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

RECORD, MODE = Path(sys.argv[1]), Path(sys.argv[2])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mode, _, pid = MODE.read_text().partition(" ")
        if mode == "refuse":
            self.send_error(503)
            return
        if mode == "kill-before":
            os.kill(int(pid), signal.SIGKILL)
            return
        with RECORD.open("ab") as record:
            record.write(body.replace(b"\n", b" ") + b"\n")
        if mode == "kill-after":
            os.kill(int(pid), signal.SIGKILL)
            return
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
