extensions = ["glossary_links"]
html_theme = "basic"
latex_show_pagerefs = True
