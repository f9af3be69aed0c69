"""BibTeX files as they are written: entries with the line of each field, and their TeX as text."""
