"""A news site on a real server, as polite or as wicked as a test wants."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """One answer. `drip` seconds between its bytes; `packed` sends it as gzip."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    packed: bool = False


@dataclass
class Site:
    """`pages` by path; `asked` is (path, seconds, headers) of each request in order."""

    root: str
    pages: dict[str, Page]
    asked: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


def _handler(site: Callable[[], Site]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here = site()
            here.asked.append((self.path, time.monotonic(), {k.lower(): v for k, v in self.headers.items()}))
            page = here.pages.get(self.path, Page(b"", 404))
            etag = page.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if page.packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            body = gzip.compress(page.body) if page.packed else page.body
            try:
                if page.drip:
                    for at in range(len(body)):
                        self.wfile.write(body[at : at + 1])
                        self.wfile.flush()
                        time.sleep(page.drip)
                else:
                    self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the reader has had enough

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    return Handler


@contextmanager
def serve(pages: dict[str, Page], address: str = "127.0.0.1") -> Iterator[Site]:
    """The site at a free port of `address`."""
    box: list[Site] = []
    server = ThreadingHTTPServer((address, 0), _handler(lambda: box[0]))
    box.append(Site(f"http://{address}:{server.server_address[1]}", pages))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield box[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
