"""TeX in fields: the short way gives what pybtex's parser gives."""

from __future__ import annotations

import pytest
from pybtex.richtext import Text

from bibtex.tex import plain, rendered


@pytest.mark.parametrize(
    "tex",
    [
        *(
            "Plain words",
            "{OPRK1} and {BPD}",
            "1--2",
            "a---b",
            "{{Nested}}",
            "O'Brien",
            "don't, 'so'",
        ),
        *(
            r"Lud{\"a}scher",
            "``Quoted''",
            "50\\% of",
            "a~b",
            "$x^2$",
            "\\emph{it}",
            "Two  spaces",
            "",
        ),
        *(
            "Question?`",
            "a\nb",
            "Zürich – Wien",
            "50% % comment",
            "A & B",
            "x_1",
            "#1",
            "a / b; (c) [d]",
        ),
    ],
)
def test_the_short_way_renders_tex_as_the_parser_does(tex: str) -> None:
    assert plain(tex) == str(rendered(tex)) == str(Text.from_latex(tex))
