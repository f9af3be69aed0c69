"""Serve a folder to a browser as Read the Docs serves a site."""

from __future__ import annotations

import contextlib
import functools
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Where a site is on its host.
PREFIX = "/en/latest/"
#: An address with this gets the page with the headers of CONTRIBUTING.md, a strict policy among them.
STRICT = "?strict"
GUIDE = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"


@functools.cache
def headers() -> dict[str, str]:
    """Return the headers that the guide names for a server."""
    (block,) = re.findall(r"(?ms)^```http\n(.*?)^```$", GUIDE.read_text("utf-8"))
    return dict(line.split(": ", 1) for line in block.splitlines())


class ReadTheDocs(SimpleHTTPRequestHandler):
    """Serve a folder below the prefix, and its 404 page at every other address."""

    def translate_path(self, path: str) -> str:
        """Return the file at *path*; none outside the prefix."""
        inside = path.startswith(PREFIX)
        return super().translate_path(path.removeprefix(PREFIX[:-1])) if inside else ""

    def end_headers(self) -> None:
        """Send the headers of the guide before they end."""
        if self.path.endswith(STRICT):
            for name, value in headers().items():
                self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, *_message: str | None) -> None:
        """Answer with the site's own page and *code*; a site may have none."""
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        page = Path(self.directory, "404.html")
        self.wfile.write(page.read_bytes() if page.exists() else b"")

    def log_message(self, *_message: object) -> None:
        """Keep quiet."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve *folder*; yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(ReadTheDocs, directory=folder)) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
        server.shutdown()
