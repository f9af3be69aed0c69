"""The medication safety notice: written once, shown on every page of every format.

One page holds the text in a `medication-safety` directive. The domain remembers it while pages
are read (after translation), and a post-transform copies it below the title of each document that
is written. LaTeX gets it on the title page and its first paragraph on every physical page; pages
that have no document (search, 404) print ``{{ medication_safety }}`` in their template.
No notice, a second one or a dead link in it is an error, and so is a written page without it.
"""

from notice._extension import setup

__all__ = ["setup"]
