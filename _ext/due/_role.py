"""The role for a day on which something is due."""

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from common.store import warn_here
from common.text import parse_day
from due import due_day


class DueRole(SphinxRole):
    """`` {due}`2026-01-31` ``, the day in words."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if parse_day(self.text) is None:
            problem = f"{self.text!r} is no day; write 2026-01-31"
            warn_here(self.env, self.lineno, problem, "due", "day")
            return [nodes.Text(self.text)], []
        return [due_day(self.text)], []
