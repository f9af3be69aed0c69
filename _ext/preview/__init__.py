"""Show what a link means beside it: on hover, on focus and at the first tap.

Other rooms say what their links mean: a handler of the event ``preview-texts`` gets the environment
and returns the lines for each anchor. They are one file of the site, which a page loads when a
reader first points at a link: a page is no heavier for them, and they work from a folder, too.
Books, and readers without the script, have ordinary links.
Nothing here knows this site: it could be offered to Sphinx.
"""

from preview._extension import setup

__all__ = ["setup"]
