"""Where the source of a site is: links for its readers, made of the address that git knows."""

import re
from urllib.parse import quote, urlsplit

#: What the report of a mistake is called, and asks for; the page stands at its end.
REPORT_TITLE = "Mistake on the page: {title}"
REPORT = (
    "Which sentence is wrong, and which source says so?\n\n\n"
    "Please leave out health details of yourself and of anyone else.\n\n"
    "Page: {page}"
)
#: ``git@host:owner/name``
SCP = re.compile(r"^(?:[^@/:]+@)?([\w.-]+):([^/].*)$")
PART = re.compile(r"(?!\.+$)[\w.~-]+", re.ASCII)
#: The words of the links to a new report, to a file and to its history,
WORDS = ("Report a mistake on this page", "See the source", "What changed")
#: and where a host of repositories has them; of a host with another name nothing is said.
Forge = tuple[str, str, str]
GITLAB = (
    "/-/issues/new?issue%5Btitle%5D={title}&issue%5Bdescription%5D={body}",
    "/-/blob/{revision}/{file}?plain=1",
    "/-/commits/{revision}/{file}",
)
FORGES: dict[str, Forge] = {
    "github.com": (
        "/issues/new?title={title}&body={body}",
        "/blob/{revision}/{file}?plain=1",
        "/commits/{revision}/{file}",
    ),
    "gitlab.com": GITLAB,
    "bitbucket.org": ("", "/src/{revision}/{file}", ""),
}


def repository(address: str) -> tuple[str, Forge] | None:
    """Return the web address of the repository at *address*, as git takes it, and its forge.

    Users, passwords, tokens, queries and ports are left out. None when the host is unknown, or when
    this is no address of a repository.
    """
    try:
        split = urlsplit(SCP.sub(r"ssh://\1/\2", address.strip()))
        host = split.hostname or ""
    except ValueError:
        return None
    parts = split.path.strip("/").removesuffix(".git").split("/")
    forge = GITLAB if host.startswith("gitlab.") else FORGES.get(host)
    named = len(parts) > 1 and all(map(PART.fullmatch, parts))  # the owner and the name
    if forge is None or not named or split.scheme not in {"https", "http", "ssh", "git"}:
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
    paths = zip(WORDS, forge, strict=True)
    return {word: base + path.format(**values) for word, path in paths if path}
