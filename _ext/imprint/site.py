"""The settings ``imprint_...`` of ``conf.py``, and how the site is cited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.settings import read_settings
from common.text import day_in_words, sentence, today

if TYPE_CHECKING:
    from sphinx.config import Config


@dataclass(frozen=True)
class Imprint:
    """What a site says of itself."""

    title: str = ""  #: Under which title it is cited; without one, under its name.
    about: str = ""  #: What it is, in a sentence.
    status: str = ""  #: By whom it was reviewed, or that it was not.
    licence: str = ""  #: The address of the licence of its words.
    #: What a page and a paper with a journal are in the words of schema.org.
    page_type: str = "WebPage"
    article_type: str = "ScholarlyArticle"
    card: str = ""  #: The picture that networks show: a PNG of 1200 x 630, by its path in the site.
    repository: str = ""  #: Where its source is, as ``git clone`` takes it,
    revision: str = "HEAD"  #: and the branch or tag that was built.

    def card_words(self, name: str) -> str:
        """Return what the picture says of the site with the *name*."""
        return " ".join(map(sentence, filter(None, (name, self.about, self.status))))


def imprint_of(config: Config) -> Imprint:
    """Return the settings of this room."""
    return read_settings(Imprint, "imprint", config)


def home(config: Config) -> str:
    """Return the address of the site, with a slash at its end; empty when it has none."""
    return f"{config.html_baseurl.rstrip('/')}/" if config.html_baseurl else ""


def citation(config: Config) -> tuple[str, str, str, str]:
    """Return how the site is cited: author, title, version and day of the build, and address.

    The title is set in italics, the address is a link. The order is that of NLM, *Citing Medicine*, on
    web sites.
    """
    title = imprint_of(config).title or config.project
    address = home(config)
    after = f". Version {config.release}, {day_in_words(today().isoformat())}."
    author = str(config.author).rstrip(".")
    return f"{author}. ", title, after + " Available from: " * bool(address), address
