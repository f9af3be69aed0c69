"""Citations in the text, as sphinxcontrib-bibtex formats them, made of the labels of references.

The style ``author_year_label`` (``bibtex_reference_style``) prints ``{cite:p}`` as "(Smith 2020a)",
``{cite:t}`` as "Smith (2020a)", ``{cite:year}`` as "2020a" and ``{cite:author}`` as "Smith".
"""

from dataclasses import dataclass
from typing import Any

from pybtex.richtext import Text
from pybtex.style.template import Node
from sphinxcontrib.bibtex.style.referencing import BracketStyle, GroupReferenceStyle
from sphinxcontrib.bibtex.style.referencing.basic_label import (
    BasicLabelParentheticalReferenceStyle,
    BasicLabelTextualReferenceStyle,
)
from sphinxcontrib.bibtex.style.referencing.extra_author import ExtraAuthorReferenceStyle
from sphinxcontrib.bibtex.style.referencing.extra_empty import ExtraEmptyReferenceStyle
from sphinxcontrib.bibtex.style.referencing.extra_label import ExtraLabelReferenceStyle
from sphinxcontrib.bibtex.style.referencing.extra_year import ExtraYearReferenceStyle
from sphinxcontrib.bibtex.style.template import join, join2, node, post_text, pre_text, reference


@node  # type: ignore[untyped-decorator]
def authors(children: object, data: dict[str, Any]) -> Text:
    """Return the authors in the label of the entry that is cited."""
    return Text(data["formatted_entry"].label.rpartition(" ")[0])


@node  # type: ignore[untyped-decorator]
def year(children: object, data: dict[str, Any]) -> Text:
    """Return the year in the label, with the letter that tells references apart."""
    return Text(data["formatted_entry"].label.rpartition(" ")[2])


class Textual(BasicLabelTextualReferenceStyle):
    """Authors, and the year in brackets."""

    def inner(self, role_name: str) -> Node:
        cited = join2(sep1=self.pre_text_sep, sep2=self.post_text_sep)
        bracketed = join[
            self.bracket.left, cited[pre_text, reference[year], post_text], self.bracket.right
        ]
        return join(sep=self.text_reference_sep)[authors, bracketed]


class Authors(ExtraAuthorReferenceStyle):
    """The authors alone."""

    def inner(self, role_name: str) -> Node:
        return reference[authors]


class Year(ExtraYearReferenceStyle):
    """The year alone."""

    def inner(self, role_name: str) -> Node:
        return reference[year]


@dataclass
class AuthorYearLabelStyle(GroupReferenceStyle):
    """All roles of sphinxcontrib-bibtex, in round brackets."""

    def __post_init__(self) -> None:
        brackets = BracketStyle(left="(", right=")", sep="; ")
        # Names come from the label: no style of names has to be found among all installed packages.
        unnamed: Any = None
        self.styles += [kind(bracket=brackets, person=unnamed) for kind in (Textual, Authors)]
        others = (BasicLabelParentheticalReferenceStyle, Year, ExtraLabelReferenceStyle)
        self.styles += [kind(bracket=brackets) for kind in others]
        self.styles += [ExtraEmptyReferenceStyle()]
        super().__post_init__()  # type: ignore[no-untyped-call]
