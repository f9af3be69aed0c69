"""References that readers take with them: a page with each of them to copy, and files with all of them.

`csl` turns an entry into the data of citation processors, and `ris` and `coins` write that data in other
forms. Each reference of a web site gets a link "Cite" to its place on the page ``cite``.
```` ```{citation-files} ```` is where a page offers the files. Books have none of it.
"""

from cite._extension import setup

__all__ = ["setup"]
