"""What machines read of a page: tags of its head, linked data, and the list of all pages."""

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

#: Something in the words of schema.org.
Thing = dict[str, Any]
#: A browser parses no data as a page, and a script ends at no ``</script>`` in it (HTML, 4.12.1.3).
ESCAPED = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&"})
SITEMAP = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{}">\n{}</urlset>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ROBOTS = "User-agent: *\nDisallow:\nSitemap: {}sitemap.xml\n"


def thing(kind: str, **said: object) -> Thing:
    """Return what is *said* of something of a *kind*, without what is empty."""
    return {"@type": kind} | {name: value for name, value in said.items() if value}


def script(things: Iterable[Thing]) -> str:
    """Return *things* as JSON-LD in a page: data, which no browser runs and no policy stops."""
    data = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(data, separators=(",", ":")).translate(ESCAPED)
    return f'<script type="application/ld+json">{text}</script>\n'


def metas(named: Mapping[str, object], attribute: str = "name") -> str:
    """Return a tag for each of *named* that says something."""
    return "".join(
        f'<meta {attribute}="{name}" content="{escape(str(text))}">\n'
        for name, text in named.items()
        if text
    )


def sitemap(addresses: Iterable[str]) -> str:
    """Return the pages at *addresses* for search engines (sitemaps.org, protocol 0.9)."""
    lines = (f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    return SITEMAP.format(NAMESPACE, "".join(lines))
