"""A site on another topic, built with the same extensions: nothing of the first site is in them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "_ext"))

project = "Second Site"
author = "Nobody"
copyright = "2026, Nobody"  # noqa: A001  Sphinx's name
version = release = "0.1"
extensions = [
    "notice",
    "bibcheck",
    "references",
    "studies",
    "evidence",
    "glossary",
    "handout",
    "cite",
    "incremental",
    "chapters",
    "addresses",
    "plain_text",
    "html_help",
    "book",
    "lean_pages",
    "epub_book",
    "myst_parser",
]
nitpicky = True
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_url_schemes = ["https", "tel"]
bibtex_bibfiles = ["library.bib"]
bibtex_default_style = "nlm"
bibtex_reference_style = "author_year_label"
study_conditions = ["headache", "fever"]
study_designs = {
    "trial": "people were put into groups by chance.",
    "survey": "people were asked once.",
}
study_randomised = ["trial"]
study_medicines = ["paracetamol", "ibuprofen"]
study_comparators = ["placebo"]
study_directions = {"helps": "people had less pain.", "unclear": "nothing can be said."}
study_terms = ["Result", "Limits"]
study_review_note = "by a pharmacist"
evidence_remark = "A pharmacist has reviewed this summary."
handout_places = {"north": "North; East", "south": "South"}
handout_unsure = "perhaps"
html_theme = "furo"
html_use_index = False
templates_path = ["_templates"]
latex_engine = "xelatex"
epub_show_urls = "no"
