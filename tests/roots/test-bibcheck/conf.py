extensions = ["references"]
bibtex_bibfiles = ["references.bib"]
