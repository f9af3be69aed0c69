extensions = ["bib_integrity"]
bibtex_bibfiles = ["references.bib"]
