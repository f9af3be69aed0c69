"""A bibliography and a record that are right, ways to break them, and what a check says of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from check import SiteReport, check_site, read_vocabulary
from conftest import ROOT

if TYPE_CHECKING:
    from sphinx.testing.util import SphinxTestApp

#: An entry that is right. Lines 1 to 9.
GOOD = """\
@article{doe2001one,
  author = {Doe, Jane and Roe, III, Richard and others},
  title = {One Study of {OPRK1} \\& Co},
  journal = {Journal of Studies},
  year = {2001},
  pages = {1--9},
  doi = {10.1234/abc.1},
  unverified = {pmid: not seen; wording: read on another site},
}
"""
OTHER = """\
@book{roe2002two,
  author = {{Organisation, Authors and Sons}},
  title = {A Book},
  publisher = {House},
  year = {2002},
}
"""
#: Files in which strings, comments and repetition reach from one entry into another.
ENTANGLED = [
    f'@string{{j = "Journal"}}\n@preamble{{"x" # j}}\n{GOOD}{OTHER}'.replace("{House}", "j"),
    GOOD + OTHER.replace("{House}", "jan") + '@string{jan = "Jänner"}\n' + GOOD.replace("one", "1"),
    GOOD + OTHER.replace("roe2002two", "DOE2001one"),
    f"@comment{{\n{OTHER}}}\n{GOOD}",
    f"@misc{{a, title = {{\n{OTHER}}}}}\n{GOOD}",
]
#: Files by other programs.
CORPUS = sorted((Path(__file__).parent / "bib").glob("*.bib"))
VALID = [GOOD + OTHER, *(path.read_text() for path in CORPUS)]

#: The settings of the records of this site.
VOCABULARY = read_vocabulary(ROOT)
#: A page with two records that are right.
PAGE = (Path(__file__).parent / "roots" / "test-studies" / "index.md").read_text("utf-8")
#: The lines of the first record, and where its directive is.
LINES = PAGE.split("{study} sound2020trial\n")[1].split("\n```")[0].split("\n")
LINE = PAGE[: PAGE.index("{study}")].count("\n") + 1

#: Other examples in every run; what fails is printed with the line that repeats it.
#: No clock, because a slow machine must not fail.
fuzz = settings(
    deadline=None,
    database=None,
    print_blob=True,
    max_examples=100,
    suppress_health_check=list(HealthCheck),
)
#: Pieces of which BibTeX files are made.
CHARACTERS = st.sampled_from('@{}()",=#%\\$;:~\n a1é\ufeff\x00')
WORDS = (
    "\r\n",
    "--",
    " and ",
    "title",
    "author",
    "key,",
    "title = {x},",
    'year = "2001"',
    "\\emph{",
)
COMMANDS = ("@article{", "@string{", "@comment{", "@preamble{", "unverified = {", "%@a{b}")
PIECES = CHARACTERS | st.sampled_from(WORDS + COMMANDS)


@st.composite
def mutations(draw: st.DrawFn, texts: list[str]) -> str:
    """Return one of *texts* with one to three pieces deleted, put in, replaced, or its end cut off."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.sampled_from([begin, begin + 1, begin + 2, begin + 40, len(text)]))
        text = text[:begin] + draw(st.just("") | PIECES) + text[end:]
    return text


def checked(folder: Path, bib: str, **pages: str) -> SiteReport:
    """Write the file ``a.bib`` and *pages* to *folder*, and return what the check says of them."""
    texts = {"a.bib": bib, **{f"{name}.md": text for name, text in pages.items()}}
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    paths = {name: folder / name for name in texts}
    return check_site({"a.bib": paths.pop("a.bib")}, paths, VOCABULARY)


def edit(source: Path, old: str, new: str, name: str = "references.bib") -> None:
    """Replace *old* by *new* in the file *name*."""
    path = source / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def warnings(app: SphinxTestApp, kind: str = "bib") -> list[str]:
    """Return the warnings of type *kind* that *app* gave, without colours."""
    lines = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue()).splitlines()
    return [line for line in lines if f"[{kind}." in line]
