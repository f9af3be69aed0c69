from pathlib import Path

import medication_safety

extensions = ["myst_parser", "evidence", "mechanism"]
templates_path = [str(Path(medication_safety.__file__).parents[1] / "_templates")]
bibtex_bibfiles = ["references.bib"]
myst_enable_extensions = ["deflist"]
html_theme = "furo"
html_use_index = False
