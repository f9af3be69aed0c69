from pathlib import Path

import notice

extensions = ["myst_parser", "evidence"]
templates_path = [str(Path(notice.__file__).parents[2] / "_templates")]
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "nlm"
bibtex_reference_style = "author_year_label"
myst_enable_extensions = ["deflist"]
html_theme = "basic"  # which is built in half the time of another
html_use_index = False

study_conditions = ["depression", "pain", "other"]
study_designs = {
    "randomised controlled trial": "chance decided.",
    "case report": "one person.",
}
study_randomised = ["randomised controlled trial"]
study_medicines = ["an opioid blocker"]
study_comparators = ["placebo"]
study_directions = {
    "no clear difference": "it can be missed.",
    "mixed results": "some of both.",
    "no treatment tested": "nothing follows.",
}
study_untreated = "no treatment tested"
study_compared = ["no clear difference"]
study_review_note = "not by a clinician"
evidence_remark = "No clinician has reviewed this summary."
search_date = "2024-03-01"
search_next = "2024-09-01"
search_where = "a shelf"
search_words = ["sound", "trial"]
search_conclusion = "It did not."
