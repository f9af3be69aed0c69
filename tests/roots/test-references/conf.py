extensions = ["references"]
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "nlm"
bibtex_reference_style = "author_year_label"
