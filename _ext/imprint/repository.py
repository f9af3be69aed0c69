"""Where the source of a site is: links for its readers, made of the address that git knows."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

#: What the report of a mistake is called, and asks for; the page stands at its end.
REPORT_TITLE = "Mistake on the page: {title}"
REPORT = (
    "Which sentence is wrong, and which source says so?\n\n\n"
    "Please leave out health details of yourself and of anyone else.\n\n"
    "Page: {page}"
)
#: ``git@host:owner/name``
SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[\w.-]+):(?P<path>[^/].*)")
PART = re.compile(r"(?!\.+$)[\w.~-]+", re.ASCII)


class Forge(NamedTuple):
    """Where a host of repositories shows a file, its history, and a new report."""

    source: str
    history: str = ""
    report: str = ""


GITHUB = Forge(
    "/blob/{revision}/{file}?plain=1",
    "/commits/{revision}/{file}",
    "/issues/new?title={title}&body={body}",
)
GITLAB = Forge(
    "/-/blob/{revision}/{file}?plain=1",
    "/-/commits/{revision}/{file}",
    "/-/issues/new?issue%5Btitle%5D={title}&issue%5Bdescription%5D={body}",
)
BITBUCKET = Forge("/src/{revision}/{file}")
#: Which is known by its name; of another host nothing is said.
FORGES = {"github.com": GITHUB, "gitlab.com": GITLAB, "bitbucket.org": BITBUCKET}


def repository(address: str) -> tuple[str, Forge] | None:
    """Return the web address of the repository at *address*, as git takes it, and its forge.

    Users, passwords, tokens, queries and ports are left out. None when the host is unknown, or when
    this is no address of a repository.
    """
    address = address.strip()
    if "://" in address:
        try:
            split = urlsplit(address)
            host, path = split.hostname or "", split.path
        except ValueError:
            return None
        if split.scheme not in {"https", "http", "ssh", "git"}:
            return None
    elif found := SCP.fullmatch(address):
        host, path = found["host"].lower(), found["path"]
    else:
        return None
    parts = path.strip("/").removesuffix(".git").split("/")
    forge = GITLAB if host.startswith("gitlab.") else FORGES.get(host)
    if forge is None or len(parts) < 2 or not all(map(PART.fullmatch, parts)):  # noqa: PLR2004  owner, name
        return None
    return f"https://{host}/{'/'.join(parts)}", forge


def links(address: str, revision: str, file: str, title: str, page: str) -> dict[str, str]:
    """Return what the foot of a page leads to, by the words of each link; nothing without a forge.

    *file* is the source of the page with *title*, and *page* its address.
    """
    known = repository(address)
    if known is None:
        return {}
    base, forge = known
    values = {
        "revision": quote(revision or "HEAD"),
        "file": quote(file),
        "title": quote(REPORT_TITLE.format(title=title), safe=""),
        "body": quote(REPORT.format(page=page), safe=""),
    }
    words = {
        "Report a mistake on this page": forge.report,
        "See the source": forge.source,
        "What changed": forge.history,
    }
    return {word: base + path.format(**values) for word, path in words.items() if path}
