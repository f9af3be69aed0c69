"""Settings of the Research Citations site: what Sphinx reads, in which style, to which formats."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

# Extensions of this project. The path is absolute: a relative one depends on where the build starts.
sys.path.insert(0, str(Path(__file__).resolve().parent / "_ext"))

# -- Project ---------------------------------------------------------------------------------------
project = "Research Citations"
author = "Research Citations maintainers"
evidence_licence = "CC BY 4.0"  # of the text, and so of the data
copyright = f"2026, {author}. Text: {evidence_licence}. Code: MIT"  # noqa: A001  Sphinx's name
version = release = "1.0"
language = "en"

# -- Sources ---------------------------------------------------------------------------------------
# Pages are the Markdown files at the root whose names begin with a lower-case letter. The folders are
# named because Sphinx would walk them: in .venv alone are more files than a build has to read.
include_patterns = ["[a-z]*.md"]
exclude_patterns = [".*", "_*", "benchmarks", "tests", "tools"]
templates_path = ["_templates"]
extensions = [
    "untrusted",
    "notice",
    "due",
    "bibcheck",
    "references",
    "studies",
    "evidence",
    "glossary",
    "handout",
    "cite",
    "lookup",
    "incremental",
    "imprint",
    "controls",
    "chapters",
    "addresses",
    "plain_text",
    "html_help",
    "book",
    "lean_pages",
    "epub_book",
    "myst_parser",
    "notfound.extension",
    # Without these two `-b coverage` and `-b doctest` end in a traceback. They have nothing to do here.
    "sphinx.ext.coverage",
    "sphinx.ext.doctest",
]
nitpicky = True
# A page is read once for all formats: quotation marks must not depend on which was built first.
smartquotes_excludes: dict[str, list[str]] = {}
content_rules = True  # `make check` applies tools/content.py: the rules for the words of this site

# -- Markdown --------------------------------------------------------------------------------------
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_url_schemes = ["http", "https", "mailto", "tel"]  # without "tel" help numbers are dead links
myst_heading_anchors = 3

# -- References ------------------------------------------------------------------------------------
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "nlm"
bibtex_reference_style = "author_year_label"

# -- Study records ---------------------------------------------------------------------------------
# The study designs, with what each can show.
study_designs = {
    "meta-analysis": "the results of several studies, put together by calculation; as strong as those.",
    "systematic review": "a planned search for studies, with rules written down; as strong as the studies in it.",
    "randomised controlled trial": "chance decided who received the treatment and who the comparison.",
    "randomised crossover trial": "each person received both in turn, and chance decided the order.",
    "laboratory study": "one dose and a test in healthy people; it treats no one.",
    "open-label study": "everyone knew what was given; without a control group it cannot show a cause.",
    "chart review": "records of past treatment are read again; the groups may differ in much else.",
    "case-control imaging study": "scans of people with and without a diagnosis; it tests no treatment.",
    "case-control molecular study": "genes or molecules in people with and without a diagnosis; it tests no treatment.",
    "cross-sectional study": "people are measured once; it shows what occurs together and not why.",
    "case series": "what happened to a few people, often chosen by how well it went.",
    "case report": "what happened to one person; others may fare differently.",
    "guideline": "the advice of an institution, and not a study.",
    "announcement": "a company tells what it did or found; the figures may be missing.",
    "narrative review or theory": "the authors' reading of other work, or a proposed explanation; no one is studied.",
    "editorial": "an opinion or a comment; no one is studied.",
}
# The designs in which chance gives some people the treatment and others a comparison.
study_randomised = ["randomised controlled trial", "randomised crossover trial"]
# The designs that test a treatment without chance; with a comparison, ROBINS-I is the tool for their risk of bias.
study_nonrandomised = ["open-label study", "chart review"]
# What was tested, in the order of the map; "none" is added. Nobody is to count one for another.
study_medicines = [
    "buprenorphine alone",
    "buprenorphine with naloxone",
    "buprenorphine with samidorphan",
    "buprenorphine alone or combined",
    "an opioid blocker",
    "a kappa blocker",
    "several medicines",
]
# With what it was compared; "none" is added.
study_comparators = ["placebo", "another treatment", "other doses", "other people"]
# What the result says of a benefit of the treatment. How sure it is depends on the design.
study_directions = {
    "better than comparison": "in the main result people fared better than the comparison group; "
    "only where chance made the groups is the treatment the likely reason.",
    "no clear difference": "the main result did not differ clearly; a small study can miss a difference.",
    "worse than comparison": "in the main result people fared worse than the comparison group.",
    "mixed results": "some of the main results were better than the comparison, and others were not.",
    "improved without comparison": "people fared better, and no comparison group tells why.",
    "authors conclude a benefit": "the view of the authors of a review, which gives no figure of its own.",
    "result not seen": "the result lies beyond the part that was read.",
    "no treatment tested": "nothing follows for treatment.",
}
study_untreated = "no treatment tested"
# The directions that need a comparison, and the one that has none.
study_compared = ["better than comparison", "no clear difference", "worse than comparison"]
study_uncompared = ["improved without comparison"]
# The conditions that papers are filtered by; a paper may have several.
study_conditions = [
    "borderline personality disorder",
    "cluster B personality disorder",
    "post-traumatic stress disorder",
    "complex post-traumatic stress disorder",
    "depression",
    "self-injury",
    "suicidal thoughts",
    "suicidal behaviour",
    "opioid use disorder",
    "pain",
    "healthy people",
    "other",
]
# What is said of every review of a record, and of every summary in the feed.
study_review_note = "not by a clinician"
evidence_remark = "No clinician has reviewed this summary."
# The records of the last edition, and what had changed up to it: `make edition` renews the file.
evidence_edition = "edition.json"
# The last search of the literature; pages and `make check` say when the next one is due.
search_date = "2026-11-28"
search_next = "2027-05-28"
search_where = (
    "a collection of public web pages as they were stored, most cut after about 2,000 characters; "
    "no database such as PubMed was at hand"
)
search_words = [
    "buprenorphine suicidal ideation randomized placebo-controlled trial",
    "buprenorphine borderline personality disorder patients study",
    "buprenorphine PTSD symptoms veterans cohort or trial",
    "naltrexone self-injurious behavior borderline personality disorder open-label",
    "naltrexone dissociation flashbacks treatment study depersonalization naloxone",
    "buprenorphine samidorphan ALKS 5461 depression randomized trial results",
    "kappa opioid antagonist anhedonia randomized trial JNJ-67953964 aticaprant depression",
    "buprenorphine depression suicide trial 2025 2026 new results",
]
search_conclusion = (
    "In part: it found a second placebo trial on suicidal thoughts, in which everyone first had "
    "ketamine, and one more trial of the combination with samidorphan that missed its main goal."
)

# -- Comparison with databases ---------------------------------------------------------------------
# `make verify` and `make watch` name it to the databases, which ask for a mail address that somebody reads.
verify_contact = os.environ.get("VERIFY_CONTACT", "")
# The database of Retraction Watch, which Crossref publishes as a file; without it nobody looks there.
verify_retraction_watch = os.environ.get("RETRACTION_WATCH_CSV", "")

# -- Search ----------------------------------------------------------------------------------------
# The labels of sections, and the words of readers that lead there before anything else.
lookup_words = {
    "emergency": (
        "emergency; emergency number; ambulance; help; 911; 999; 112; not breathing; cannot breathe; "
        "can't breathe; cant breathe; can not breathe; cant breath; hardly breathing; stopped breathing; "
        "dont breathe; don't breathe; does not breathe; "
        "took too much; taken too much; took too many; taken too many; too many pills"
    ),
    "crisis-help": (
        "suicide; suicidal; suicidal thoughts; kill myself; killing myself; want to die; end my life; "
        "self-harm; self harm; selfharm; self-injury; hurt myself; hurting myself; cutting myself; "
        "crisis; crisis line; crisis lines; helpline; hotline; 988; 9-8-8; 116 123; 116123; samaritans"
    ),
    "overdose": (
        "overdose; over dose; overdosed; overdosing; opioid overdose; cannot wake; can't wake; cant wake; "
        "can not wake; cannot be woken; will not wake; won't wake; does not wake; unconscious; "
        "passed out; blue lips; poison; poisoned; poisoning; poison control; poison help"
    ),
    "naloxone": "naloxone; narcan; antidote",
    "do-not-combine": "interactions; drug interactions",
    "dependence": "dependence; addiction; addicted",
    "starting-and-stopping": "withdrawal; tapering",
    "unwanted-effects": "side effects; side effect; unwanted effects",
    "children-and-storage": "storage; disposal; child took; children",
}

# -- HTML ------------------------------------------------------------------------------------------
html_theme = "furo"
html_title = f"Buprenorphine {project}"  # not the name of the page of the papers
html_static_path = ["_static"]
html_css_files = ["research-citations.css"]
# The address of the site. Without one, pages and the feed name none, and the site is the root of its host.
html_baseurl = os.environ.get("SITE_URL") or os.environ.get("READTHEDOCS_CANONICAL_URL", "")
if html_baseurl and "://" not in html_baseurl:
    html_baseurl = f"https://{html_baseurl}"
html_favicon = "_static/favicon.svg"
html_use_index = False  # the only entries are the terms of the glossary
html_domain_indices = False
html_copy_source = False
html_last_updated_fmt = "%d %B %Y"
notfound_template = "404.html"
# Absolute, because an address that is missing may be in any folder.
notfound_urls_prefix = urlsplit(html_baseurl).path.rstrip("/") + "/"

# -- What the site says of itself ------------------------------------------------------------------
# CITATION.cff says the same; a test compares them.
imprint_title = "Research Citations: an annotated bibliography on buprenorphine and the endogenous opioid system"
imprint_about = (
    "Papers on buprenorphine and the endogenous opioid system, with what each does not show."
)
imprint_status = "Not reviewed by a clinician"
imprint_licence = "https://creativecommons.org/licenses/by/4.0/"
# In the words of schema.org.
imprint_page_type = "MedicalWebPage"
imprint_article_type = "MedicalScholarlyArticle"
# What networks show of a link: `make card` draws it with the words above.
imprint_card = "_static/card.png"
# Where the source is: the foot of each page leads there, and nowhere when it is not known.
imprint_repository = os.environ.get("REPOSITORY_URL") or os.environ.get(
    "READTHEDOCS_GIT_CLONE_URL", ""
)
imprint_revision = os.environ.get("READTHEDOCS_GIT_IDENTIFIER") or "HEAD"

# -- PDF -------------------------------------------------------------------------------------------
# The look is in _ext/book/book.sty.
latex_engine = (
    "xelatex"  # Greek letters without a table of exceptions; "lualatex" makes the same book
)
latex_documents = [("index", "research-citations.tex", html_title, author, "manual")]
latex_table_style = ["booktabs"]  # "colorrows" stops TeX Live 2026 (sphinx-doc/sphinx#14465)
today_fmt = "%d %B %Y"
book_about = imprint_about
book_readers = "For people who live with distress, for those who care for them, and for clinicians."
book_reviewed = imprint_status
book_urgent = ["overdose", "crisis-help"]
book_summary = "in-short"
latex_elements = {
    "papersize": "a4paper",
    "pointsize": "10pt",
    "extraclassoptions": "oneside,openany",  # no blank pages
    "figure_align": "htbp",
    "releasename": "Version",
    "maxlistdepth": "10",
    "makeindex": "",  # no index, though each term of the glossary would be an entry
    "printindex": "",
    "extrapackages": r"\usepackage{xurl}",  # long addresses break anywhere and stay on the page
    # Document properties; Sphinx sets title and author.
    "preamble": r"""
\hypersetup{
  pdflang={en},
  pdfdisplaydoctitle=true,
  pdfsubject={Annotated bibliography; says what each paper does not show; not reviewed by a clinician},
  pdfkeywords={buprenorphine, endogenous opioid system, borderline personality disorder, medication safety},
}
\hyphenation{buprenorphine naloxone}
""",
}

# -- Handout ---------------------------------------------------------------------------------------
# The name of the file, and the place as sections and tables of help lines call it; behind ";" places in it.
handout_places = {
    "us": "United States",
    "canada": "Canada",
    "uk": "United Kingdom; England and Wales; Scotland; Northern Ireland",
    "ireland": "Ireland",
    "eu": "European Union",
}
handout_unsure = "check"  # a line with this word is not printed: paper cannot be corrected

# -- EPUB ------------------------------------------------------------------------------------------
epub_basename = "research-citations"
# One name twice: Sphinx writes the first into the book and the second into its table of contents.
epub_identifier = epub_uid = "research-citations"
epub_description = book_about
html_theme_path = ["_book"]  # the theme "epub" in it is taken for Sphinx's
epub_theme_options = {
    "what": book_about,
    "readers": book_readers,
    "remark": f"{book_reviewed}.",
}
epub_css_files: list[str] = []  # those of the website are written for its theme
epub_exclude_files = [*(f"_static/{name}" for name in html_css_files), html_favicon, imprint_card]
epub_cover = ("cover.svg", "cover.html")
epub_show_urls = "no"
epub_tocdepth = 3  # the papers
epub_tocdup = False
epub_tocscope = "includehidden"  # that of the first page is hidden: the menu has it
# What libraries show of a book: tests/test_site_epub.py proves each feature, and no more may be claimed.
epub_access_mode = ["textual", "visual"]
epub_access_mode_sufficient = ["textual"]
epub_accessibility_feature = [
    "alternativeText",
    "displayTransformability",
    "readingOrder",
    "structuralNavigation",
    "tableOfContents",
]
epub_accessibility_hazard = ["none"]
epub_accessibility_summary = (
    "The words are text that a reader can enlarge and recolour; headings, lists and tables are marked as such, "
    "and each drawing is also told in words. "
    "Before a change is accepted, EPUBCheck and Ace by DAISY have to find no fault, and Chromium has to show each "
    "page 320 pixels wide without scrolling sideways. "
    "Nobody tested it with a screen reader or a braille display, with a reading app, or with people who need them, "
    "and no conformance to WCAG or EPUB Accessibility is claimed. "
    "No clinician has reviewed the content."
)

# -- Link check ------------------------------------------------------------------------------------
linkcheck_timeout = 20
# Searches for each paper: they answer machines with a refusal.
linkcheck_ignore = [
    rf"https://{host}\?"
    for host in (
        r"scholar\.google\.com/scholar",
        r"search\.worldcat\.org/search",
        r"pubmed\.ncbi\.nlm\.nih\.gov/",
    )
] + [r"https://unpaywall\.org/10\."]
