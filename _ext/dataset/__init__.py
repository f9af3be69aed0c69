"""All study records as data: files with their schema and codebook, editions, the feed, and what machines read."""

from typing import Any


def setup(app: Any) -> Any:  # noqa: ANN401  a command uses the history without Sphinx
    """Register the settings and the files."""
    from dataset._extension import register  # noqa: PLC0415

    return register(app)
