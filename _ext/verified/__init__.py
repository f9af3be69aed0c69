"""What was compared with databases, and when: the file that says so, and what pages say of it.

A command writes the file; a build asks nobody. What was edited since counts as not compared.
"""
