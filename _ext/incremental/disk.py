"""What a build says when it cannot write, in one line, and which stored pages are damaged.

Sphinx shows a traceback, or only warns of a page that it could not write and goes on. The line is the
message of a `SystemExit`, as Sphinx prints its versions and a traceback with every other exception.
"""

import errno
import io
import logging
import os
import tempfile
import traceback
from pathlib import Path

from sphinx.application import Sphinx

#: What helps, by what is wrong; every other error is a fault of a program, and stays one.
HELP = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "free some and build again"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "change its permissions and build again"),
    errno.EROFS: "build into another folder",
}


class FailToWrite(logging.Handler):
    """Makes an error of a warning that something cannot be written."""

    def emit(self, record: logging.LogRecord) -> None:
        """Raise the error that *record* tells of, with the file that it names."""
        args = record.args if isinstance(record.args, tuple) else ()
        named = [str(arg) for arg in args if isinstance(arg, str | Path)]
        for error in args:
            if isinstance(error, OSError) and error.errno in HELP:
                file = error.filename or next(iter(named), None)
                raise OSError(error.errno, error.strerror, file) from error


def explain(app: Sphinx, exception: BaseException | None) -> None:
    """Stop with one line when *exception* comes from a disk that is full or read-only."""
    while exception is not None:
        if isinstance(exception, OSError) and exception.errno in HELP:
            file = os.path.relpath(exception.filename or written_at(exception) or app.outdir)
            message = f"{file}: {exception.strerror}; {HELP[exception.errno]}"
            raise SystemExit(message) from None
        exception = exception.__cause__


def written_at(error: OSError) -> str | None:
    """Return the file that was open at *error*: unlike opening, writing names none."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    values = [value for frame in frames for value in frame.f_locals.values()]
    names = [getattr(value, "name", 0) for value in values if isinstance(value, io.IOBase)]
    return next((str(name) for name in reversed(names) if not isinstance(name, int)), None)


def is_damaged(doctree: Path) -> bool:
    """Return whether the stored page at *doctree* does not begin and end as a pickle does."""
    if not doctree.is_file():
        return False  # Sphinx looks for that
    with doctree.open("rb") as file:
        begin = file.read(2)
        file.seek(max(0, doctree.stat().st_size - 1))
        return (begin[:1], file.read()) != (b"\x80", b".")


def register(app: Sphinx) -> None:
    """Look whether both folders can be written to, and connect what explains that they cannot be."""
    try:
        for folder in (app.outdir, app.doctreedir):
            Path(folder).mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        error.filename = folder
        explain(app, error)
    logging.getLogger("sphinx").handlers.insert(0, FailToWrite(logging.WARNING))
    app.connect("build-finished", explain, priority=1)
