"""What keeps people with disabilities from using a page, as axe finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Run the two rules of axe on colours, which differ between the themes, and if *all* are wanted, those
#: that are on by default and the one on the size of what is tapped.
#: The two take most of the time, and see no more than colours, type and what is behind an element:
#: they are asked about the first of all elements that look alike.
RUN = """async ([place, all]) => {
  const COLOURS = ["color-contrast", "link-in-text-block"];
  const TYPE = ["color", "fontSize", "fontWeight", "textShadow", "textDecorationLine", "borderBottomWidth"];
  const GROUND = ["backgroundColor", "backgroundImage", "opacity", "position", "filter", "mixBlendMode"];
  const grounds = new Map([[null, ""]]);
  const ground = element => {
    if (!grounds.has(element)) {
      const style = getComputedStyle(element);
      const own = GROUND.map(name => style[name]).join();
      const plain = own === "rgba(0, 0, 0, 0),none,1,static,none,normal";
      grounds.set(element, ground(element.parentElement) + (plain ? "" : `;${own}`));
    }
    return grounds.get(element);
  };
  const look = element => {
    const style = getComputedStyle(element);
    return [...TYPE.map(name => style[name]), ground(element)].join();
  };
  const firsts = new Map();
  for (const element of document.querySelectorAll(`${place}, ${place} *`)) {
    const link = element.matches("a[href]");
    const words = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!(words || link || element.matches("input, select, textarea")) || !element.checkVisibility()) continue;
    const parent = element.parentElement;
    const alone = parent.textContent.trim() === element.textContent.trim();
    const key = link ? [alone, look(element), look(parent)].join() : look(element);
    if (!firsts.has(key)) firsts.set(key, element);
  }
  const ask = async (where, options) => (await axe.run(where, { resultTypes: ["violations"], ...options })).violations;
  const found = await ask({ include: [...firsts.values()] }, { runOnly: COLOURS });
  if (all) {
    const rules = Object.fromEntries(COLOURS.map(name => [name, { enabled: false }]));
    found.push(...await ask(place, { rules: { ...rules, "target-size": { enabled: true } } }));
  }
  return found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}"""


def barriers(
    page: Page, place: str = "html", *, all_rules: bool = True
) -> list[tuple[str, list[str]]]:
    """Return the rules that axe finds broken in *place* on *page*, and the elements."""
    if page.evaluate("!window.axe"):  # it stays until the page is left
        page.evaluate(AXE_SCRIPT)
    return [tuple(found) for found in page.evaluate(RUN, [place, all_rules])]
