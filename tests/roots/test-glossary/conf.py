extensions = ["glossary"]
html_theme = "basic"
latex_show_pagerefs = True
