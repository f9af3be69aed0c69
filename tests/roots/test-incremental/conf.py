project, copyright, version = "Root", "2026", "1"
extensions = ["glossary"]
html_theme = "basic"
