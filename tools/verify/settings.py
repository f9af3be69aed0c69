"""Whom to ask, and who asks: values of ``conf.py`` that the environment can replace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlsplit

#: What this project calls itself to a service.
TOOL = "research-citations"
MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
ADDRESS = re.compile(r"[\w.~:/@!$&'()*+,;=%\[\]-]{1,200}", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """Settings with the prefix ``verify``; a `ValueError` says in one line which one cannot be used.

    An address is the base of a service. One without a path stands for the host of the service, and
    the path that the service documents is asked there, as ``/entrez/eutils/efetch.fcgi``; where that
    is not found, the same without the documented beginning, as ``/efetch.fcgi``. One with a path
    is used as it is.
    """

    #: A mail address that somebody reads; without one Unpaywall answers nobody.
    contact: str = ""
    crossref_url: str = "https://api.crossref.org"
    eutils_url: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    idconv_url: str = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles"
    unpaywall_url: str = "https://api.unpaywall.org/v2"
    #: The file of Retraction Watch, from the folder of ``conf.py``; without one it is not asked.
    retraction_watch: str = ""

    def __post_init__(self) -> None:
        if self.contact and not MAIL.fullmatch(self.contact):
            message = f"contact holds {self.contact!r}; write a mail address, or nothing"
            raise ValueError(message)
        for name in ADDRESSES:
            if fault := wrong_address(getattr(self, name)):
                message = f"{name} {fault}"
                raise ValueError(message)


ADDRESSES = [field.name for field in fields(Settings) if field.name.endswith("_url")]


def wrong_address(address: str) -> str:
    """Return why *address* is not the base of a service, or nothing."""
    try:
        split = urlsplit(address)
        right = split.scheme in {"http", "https"} and split.hostname and (split.port or 1)
    except ValueError:
        right = False
    if not right or not ADDRESS.fullmatch(address):
        return f"holds {address[:80]!r}; write a web address without ? and #"
    return "holds a user or a password; leave them out" if "@" in split.netloc else ""


def in_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Return *settings* with the addresses that *environment* names, as ``CROSSREF_URL``.

    Raise `ValueError` in one line for one that cannot be used; an empty one is none.
    """
    given = {name: environment.get(name.upper(), "").strip() for name in ADDRESSES}
    for name, address in given.items():
        if address and (fault := wrong_address(address)):
            message = f"{name.upper()} {fault}"
            raise ValueError(message)
    return replace(settings, **{name: address for name, address in given.items() if address})


def bases(settings: Settings, service: str) -> tuple[str, ...]:
    """Return where *service*, as "crossref", is asked: the second where the first has nothing."""
    address = getattr(settings, f"{service}_url").rstrip("/")
    documented = urlsplit(getattr(Settings, f"{service}_url")).path
    if urlsplit(address).path or not documented:
        return (address,)
    return (address + documented, address)
