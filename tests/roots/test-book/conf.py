extensions = ["chapters", "book"]
latex_engine = "xelatex"
book_about = "What it is & is not."
book_urgent = ["now"]
book_summary = "summary"
