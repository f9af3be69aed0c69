"""Citations in the text, made of the labels of references.

The style ``author_year_label`` (``bibtex_reference_style``) prints ``{cite:p}`` as "(Smith 2020a)",
``{cite:t}`` as "Smith (2020a)", ``{cite:year}`` as "2020a" and ``{cite:author}`` as "Smith".
"""

from typing import Any

from pybtex.richtext import BaseText, Text
from pybtex.style.template import Node
from sphinxcontrib.bibtex.style.referencing import BaseReferenceStyle, BracketStyle
from sphinxcontrib.bibtex.style.template import (
    entry_label,
    join,
    join2,
    node,
    post_text,
    pre_text,
    reference,
)


@node  # type: ignore[untyped-decorator]
def label_part(children: object, data: dict[str, Any], number: int) -> Text:
    """Return a part of the label of the entry that is cited: its authors, a space, or its year."""
    return Text(data["formatted_entry"].label.rpartition(" ")[number])


authors = label_part(number=0)
year = label_part(number=2)


class AuthorYearLabelStyle(BaseReferenceStyle):
    """All roles of sphinxcontrib-bibtex, in round brackets."""

    brackets = BracketStyle(left="(", right=")", sep="; ")

    def outer(self, role_name: str, children: list[BaseText]) -> Node:
        in_brackets = role_name in {"p", "ps"} or "par" in role_name
        return self.brackets.outer(children, in_brackets, capfirst=role_name.startswith("c"))

    def inner(self, role_name: str) -> Node:
        for word, shown in (("author", authors), ("year", year), ("label", entry_label)):
            if word in role_name:
                return reference[shown]
        if role_name == "empty":
            return join
        around = join2(sep1=" ", sep2=", ")
        if role_name.endswith(("p", "ps")):
            return around[pre_text, reference[entry_label], post_text]
        bracketed = join["(", around[pre_text, reference[year], post_text], ")"]
        return join(sep=" ")[authors, bracketed]
