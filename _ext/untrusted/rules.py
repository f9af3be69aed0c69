"""What a page may not hold, as `make check` and a build say it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

#: The schemes of links, as in ``myst_url_schemes``.
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
#: What the settings at the top of a page may say to MyST-Parser; other names are the page's own.
MYST_SETTINGS = {"html_meta": {"description": None, "keywords": None}}
OUTDATED_SETTINGS = frozenset({"html_meta", "substitutions"})
#: Why a directive or a role is refused, and what to write instead.
REFUSED = {
    "raw": "raw text is not allowed; write Markdown",
    "eval-rst": "embedded reStructuredText is not allowed; write Markdown",
    "include": "other files are not included; write the text here",
    "literalinclude": "other files are not included; write the text here",
    "csv-table": "other files are not included; write a list-table",
    "role": "a page defines no roles; write Markdown",
    "default-role": "a page defines no roles; write Markdown",
    "meta": "a page sets no metadata but its description, at its top",
    "math": "mathematics needs a script of another site; write the characters themselves",
    "download": "files are not offered for download here; link to where they are published",
}
#: What was meant to be a link, and is shown as it is typed.
NO_LINK = re.compile(
    r"\](?:\(\s*|\s+\(\s*(?=https?:|tel:|mailto:)|:\s*)[A-Za-z][A-Za-z0-9+.-]*:[^)]*\)?"
    r"|<\w+script:[^>]*>"
)
HTML = "raw HTML is not allowed; write Markdown, and a comment behind %"
TEMPLATE = "is a template, which would run in the build; write the words themselves"
FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)


class Fault(NamedTuple):
    """Something that a page may not hold."""

    line: int  #: The line, from 1.
    message: str  #: What is wrong, and what to write instead.


def settings_faults(text: str) -> Iterator[Fault]:
    """Yield what the settings at the top of a page with this *text* may not say."""
    if not re.match(r"---[ \t]*\n", text):
        return
    if not (found := FRONT_MATTER.match(text)):
        yield Fault(1, "the settings at the top are not closed; write --- on a line below them")
        return
    try:
        settings = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "no YAML"
        message = (
            f"the settings at the top are not YAML ({what}); put quotation marks around the text"
        )
        yield Fault(mark.line + 2 if mark else 1, message)
        return
    settings = settings if isinstance(settings, dict) else {}
    for name in [
        *unknown(settings.get("myst"), MYST_SETTINGS),
        *OUTDATED_SETTINGS & settings.keys(),
    ]:
        line = next((n for n, row in enumerate(text.split("\n"), 1) if name in row), 1)
        yield Fault(line, f"a page does not set {name}; delete it")


def unknown(settings: Any, allowed: Any) -> Iterator[str]:  # noqa: ANN401  of a YAML file
    """Yield the names in *settings* that are not in *allowed*."""
    if not isinstance(settings, dict) or allowed is None:
        return
    for name, value in settings.items():
        if name in allowed:
            yield from unknown(value, allowed[name])
        else:
            yield str(name)


def address_fault(address: str) -> str:
    """Return what is wrong with *address* as that of a link; empty when nothing is."""
    bare = re.sub(r"[\x00-\x20]", "", address)  # as browsers read it
    scheme, colon, rest = bare.partition(":")
    if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        if scheme.lower() not in SCHEMES:
            return f"{scheme}: is not allowed in a link; write https://..."
        if scheme.lower() == "tel" and not re.fullmatch(r"\+?[0-9]{3,15}", rest):
            return f"{address} cannot be called; write tel: and the digits"
    elif bare.startswith("//"):
        return f"{address}: write https: before it"
    return ""


def text_fault(text: str) -> str:
    """Return what is wrong with *text* that is shown as it is; empty when nothing is."""
    if "{{" in text:
        return f"{{{{ {TEMPLATE}"
    if found := NO_LINK.search(text):
        return (
            f"{found[0][1:]!r} is not a link, and shown as it is typed; write [words](https://...)"
        )
    return ""


def picture_fault(address: str) -> str:
    """Return what is wrong with *address* as that of a picture; empty when nothing is."""
    if re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*:|//)", address):
        return f"{address[:40]} would be asked of another site; copy the picture into this project"
    return ""
