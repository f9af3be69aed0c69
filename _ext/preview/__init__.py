"""Show what a link means beside it: on hover, on focus and at the first tap.

Other rooms say what their links mean: a handler of the event ``preview-texts`` gets the environment
and the name of a page, and returns the lines for the anchors that this page may link to. They are
written into the page as data, once for each anchor, so that nothing is fetched: it works from a
folder, too. Books, and readers without the script, have ordinary links.
Nothing here knows this site: it could be offered to Sphinx.
"""

from preview._extension import setup

__all__ = ["setup"]
