from pathlib import Path

import medication_safety

extensions = ["myst_parser", "medication_safety", "notfound.extension"]
exclude_patterns = ["_build", "part.md"]
templates_path = [str(Path(medication_safety.__file__).parents[1] / "_templates")]
project = "Root"
copyright = "2026"  # noqa: A001  EPUB asks for it
version = "1"
html_theme = "furo"
html_use_index = False
locale_dirs = ["locale"]
notfound_template = "404.html"
