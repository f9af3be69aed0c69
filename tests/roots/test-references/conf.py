extensions = ["references"]
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "nlm"
bibtex_reference_style = "author_year_label"
bibtex_cite_id = "ref-{key}"
bibtex_tooltips = False
