"""Write again the pages that show something that has changed elsewhere, and no others.

Sphinx writes the pages whose source changed. What else a page shows may change too: the titles in
its navigation, the text of a link, a reference, a notice. After each build this extension
remembers, for each builder and output folder, a digest of what every page shows; before the next
one is written it compares. Files that no page has any more are deleted, the search index is
completed, damaged files are made anew, and a full disk is one line.

The event ``page-fingerprint(app, env, docname)`` lets other extensions say what their part is: they
return a string that changes when that page has to be written again. `is_written` answers it for files
that an extension makes without a source, and `pieces_before` for pieces of a long one.

Nothing here knows this site: it could be offered to Sphinx.
"""

from incremental._extension import setup
from incremental.domain import digest, forget, keep_pieces, pieces_before
from incremental.left_over import is_written, page_of

__all__ = ["digest", "forget", "is_written", "keep_pieces", "page_of", "pieces_before", "setup"]
