"""All study records at a glance: a table, a map, and what is new.

```` ```{evidence} table ```` and its kin leave a placeholder, which is filled when the page is
written: the records are on other pages, and each builder needs another form. Only built-in nodes
are used, so every builder prints them. ```` ```{mechanism} ```` draws a hypothesis from a list.
"""

from evidence._extension import setup

__all__ = ["setup"]
