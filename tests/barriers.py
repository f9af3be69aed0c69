"""What keeps people with disabilities from using a page, as axe finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: All rules of axe that are on by default, and the one on the size of what is tapped.
AXE = {"rules": {"target-size": {"enabled": True}}}
#: What differs between the themes.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
RUN = """([place, options]) => axe.run(place, { resultTypes: ["violations"], ...options })
  .then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))"""


def barriers(page: Page, options: object = AXE, place: str = "html") -> list[tuple[str, list[str]]]:
    """Return the rules that axe finds broken in *place* on *page*, and the elements."""
    if page.evaluate("!window.axe"):  # it stays until the page is left
        page.evaluate(AXE_SCRIPT)
    return [tuple(found) for found in page.evaluate(RUN, [place, options])]
