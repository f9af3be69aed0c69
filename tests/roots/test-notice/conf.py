from pathlib import Path

import notice

extensions = ["myst_parser", "notice", "notfound.extension"]
exclude_patterns = ["_build", "part.md"]
templates_path = [str(Path(notice.__file__).parents[2] / "_templates")]
project = "Root"
copyright = "2026"  # noqa: A001  EPUB asks for it
version = "1"
html_theme = "basic"  # which is built in half the time of another
html_use_index = False
locale_dirs = ["locale"]
notfound_template = "404.html"
