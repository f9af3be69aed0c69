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
study_directions = {
    "against": "no clear difference.",
    "mixed": "some of both.",
    "no effect tested": "nothing follows.",
}
study_review_note = "not by a clinician"
evidence_remark = "No clinician has reviewed this summary."
