extensions = ["latex_root_chapter"]
