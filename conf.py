"""Settings of the Research Citations site: what Sphinx reads, in which style, to which formats."""

import os
import sys
from pathlib import Path

# Extensions of this project. The path is absolute: a relative one depends on where the build starts.
sys.path.insert(0, str(Path(__file__).resolve().parent / "_ext"))

# -- Project ---------------------------------------------------------------------------------------
project = "Research Citations"
author = "Research Citations maintainers"
copyright = "2026, Research Citations maintainers. Text: CC BY 4.0. Code: MIT"  # noqa: A001  Sphinx's name
version = release = "1.0"
language = "en"

# -- Sources ---------------------------------------------------------------------------------------
# Pages are the Markdown files at the root whose names begin with a lower-case letter.
include_patterns = ["[a-z]*.md"]
templates_path = ["_templates"]
extensions = [
    "medication_safety",
    "references",
    "bib_integrity",
    "studies",
    "evidence",
    "mechanism",
    "glossary_links",
    "latex_root_chapter",
    "myst_parser",
    "notfound.extension",
    "sphinxext.opengraph",
]
nitpicky = True

# -- Markdown --------------------------------------------------------------------------------------
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "substitution"]
myst_url_schemes = ["http", "https", "mailto", "tel"]  # without "tel" help numbers are dead links
myst_heading_anchors = 3

# -- References ------------------------------------------------------------------------------------
bibtex_bibfiles = ["references.bib"]

# -- HTML ------------------------------------------------------------------------------------------
html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["research-citations.css"]
html_js_files = [("glossary-preview.js", {"defer": "defer"})]  # EPUB prints no scripts
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")  # the address search engines show
html_favicon = "_static/favicon.svg"
html_use_index = False  # the only entries are the terms of the glossary
html_domain_indices = False
html_copy_source = False
html_last_updated_fmt = "%d %B %Y"
notfound_template = "404.html"
ogp_enable_meta_description = True
ogp_social_cards = {"enable": False}

# -- PDF -------------------------------------------------------------------------------------------
latex_engine = "xelatex"  # Greek letters, arrows and minus signs without a table of exceptions
latex_documents = [("index", "research-citations.tex", project, author, "manual")]
latex_show_pagerefs = True
latex_table_style = ["booktabs", "colorrows"]
latex_elements = {
    "papersize": "a4paper",
    "pointsize": "11pt",
    "extraclassoptions": "oneside,openany",  # no blank pages
    "figure_align": "H",  # drawings stay in their section
    "makeindex": "",  # no index, though each term of the glossary would be an entry
    "printindex": "",
    "fncychap": "",  # plain headings: a short table of contents
    "extrapackages": r"\usepackage{xurl}",  # long addresses break anywhere and stay on the page
    # Document properties (Sphinx sets title and author), and lines that rather stretch than overflow.
    "preamble": r"""
\hypersetup{
  pdflang={en},
  pdfsubject={Annotated bibliography; says what each paper does not show; not reviewed by a clinician},
  pdfkeywords={buprenorphine, endogenous opioid system, borderline personality disorder, medication safety},
}
\setlength{\emergencystretch}{3em}
""",
}

# -- EPUB ------------------------------------------------------------------------------------------
epub_basename = "research-citations"
# One name twice: Sphinx writes the first into the book and the second into its table of contents.
epub_identifier = epub_uid = "research-citations"
epub_description = (
    "Papers on buprenorphine and the endogenous opioid system, with what each does not show."
)
epub_show_urls = "no"
epub_tocdepth = 2

# -- Link check ------------------------------------------------------------------------------------
linkcheck_timeout = 20
