"""The role for a day on which something is due."""

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from common.text import parse_day
from due import due_day

logger = logging.getLogger(__name__)


class DueRole(SphinxRole):
    """`` {due}`2026-01-31` ``, the day in words."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if parse_day(self.text) is None:
            place = f"{self.env.doc2path(self.env.docname, base=False)}:{self.lineno}"
            problem = f"{self.text!r} is no day; write 2026-01-31"
            logger.warning("%s", problem, location=place, type="due", subtype="day")
            return [nodes.Text(self.text)], []
        return [due_day(self.text)], []
