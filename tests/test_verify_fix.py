"""What databases have is written into a file, and nothing else there changes, however it is laid out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtex.entry import SourceEntry, declarations
from paper_entry import ORDER
from samples import fuzz
from verify.compare import RULES, Offer
from verify.fix import LINE_END, Fixed, agreed, entries_in, fixed

FILE = "a.bib"
ONE = """\
@article{one,
  title = {A Title},
  year = {2016},
  doi = {10.5555/one},
  unverified = {author: cut off; year: from the DOI; wording: read in a copy},
}
"""
OTHER = "@book{other,\n  title = {Another},\n  unverified = {year: guessed},\n}\n"


def by_key(raw: str) -> dict[str, SourceEntry]:
    return {entry.key: entry for entry in entries_in(raw, FILE)}


def written(raw: str, **values: Mapping[str, str]) -> Fixed:
    return fixed(raw, FILE, values, by_key(raw))


# -- Line ends -------------------------------------------------------------------------------------
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_line_ends_a_mark_and_a_missing_last_line_end_stay(end: str, mark: str, last: str) -> None:
    raw = (mark + OTHER + "\n" + ONE.rstrip("\n") + last).replace("\n", end)
    done = written(raw, one={"author": "Doe, Ann", "pmid": "7"}, other={"year": "2001"})
    expected = ONE.replace("  title", "  author = {Doe, Ann},\n  title").replace(
        "author: cut off; ", ""
    )
    expected = expected.replace("  unverified", "  pmid = {7},\n  unverified").rstrip("\n") + last
    other = "@book{other,\n  title = {Another},\n  year = {2001},\n}\n"
    assert done.refused == []
    assert done.text == (mark + other + "\n" + expected).replace("\n", end)


def test_what_is_inserted_ends_as_the_line_before_it() -> None:
    raw = "@article{a,\n  title = {A},\r\n  doi = {1},\n  keywords = {x}\n}\n"
    done = written(raw, a={"year": "1", "pmid": "2"})
    assert done.text == (
        "@article{a,\n  title = {A},\r\n  year = {1},\r\n  doi = {1},\n  pmid = {2},\n"
        "  keywords = {x}\n}\n"
    )


# -- Layouts ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n\ttitle = {A}\n}", "\n\ttitle = {A},\n\tyear = {1}\n}"),
        ("\n title = {A},}", "\n title = {A},\n year = {1},}"),
        ("\n  title = {A}}", "\n  title = {A},\n  year = {1}}"),
        ("\n  doi = {1},\n  title = {A},\n}", "\n  year = {1},\n  doi = {1},\n  title = {A},\n}"),
        ('\n  title = "A",\n  year =\n    "2"\n}', '\n  title = "A",\n  year =\n    {1}\n}'),
        ("\n  Year = 2 ,\n  title = {A}\n}", "\n  Year = {1} ,\n  title = {A}\n}"),
        ("\n  title = {A}, year = 2,\n}", "\n  title = {A}, year = {1},\n}"),
        (
            "\n  title = {year = {2},\n year = 3}\n}",
            "\n  title = {year = {2},\n year = 3},\n  year = {1}\n}",
        ),
        (
            '\n  title = {A},\n  unverified = "\n    year: not seen;\n    pmid: why"\n}',
            '\n  title = {A},\n  year = {1},\n  unverified = "\n    pmid: why"\n}',
        ),
        (
            "\n  title = {A},\n  unverified = { pmid:why ;year: not seen }\n}",
            "\n  title = {A},\n  year = {1},\n  unverified = { pmid:why }\n}",
        ),
        (
            "\n  title = {A},\n  unverified = {year: x}}",
            "\n  title = {A},\n  year = {1},\n  }",
        ),
        (
            "\n  title = {A},\n  unverified = {year: x}\n  ,\n  keywords = {k}\n}",
            "\n  title = {A},\n  year = {1},\n  keywords = {k}\n}",
        ),
    ],
)
def test_an_entry_keeps_its_layout(old: str, new: str) -> None:
    before, behind = "% @ is no entry\n  ", " % read on\n\n" + OTHER
    for begin, end in (("@article{a,", "}"), ("@Article( a ,", ")")):
        raw, right = (f"{before}{begin}{text[:-1]}{end}{behind}" for text in (old, new))
        done = written(raw, a={"year": "1"})
        assert done.refused == []
        assert done.text == right


@pytest.mark.parametrize(
    ("entry", "line", "reason"),
    [
        ("@article{a, title = {A}, doi = {1} }", 3, "doi does not begin its line"),
        ("@article{a,\n  title = {A}, doi = {1},\n}", 4, "doi does not begin its line"),
        ("@article{a\n  , title = {A}\n  , doi = {1}\n}", 5, "doi does not begin its line"),
        ("@article{a,}", 3, "it has no field"),
        ('@article{a,\n  year = "20" # "16",\n}', 4, "year is made of several texts"),
        ("@article{a,\n  year = jan # {16},\n}", 4, "year is made of several texts"),
        (
            '@article{a,\n  year = {2},\n  unverified = "a" # {uthor: x} # "; year: y",\n}',
            5,
            "unverified is made of several texts",
        ),
        (
            "@string{y = {year: why; pmid: x}}\n@article{a,\n  year = {2},\n  unverified = y,\n}",
            4,
            "it cannot",
        ),
        ("@book{b, title = {B}} @article{a,\n  year = {2},\n}", 3, "it does not begin its line"),
        ("@article{a,\n  year = {2},\n  year = {3},\n}", 3, "it cannot be changed"),
        (
            "@book{a,\n title = {A},\n}\n@article{a,\n  year = {2},\n}",
            3,
            "two entries have this key",
        ),
    ],
)
def test_what_cannot_be_changed_safely_is_told_with_its_line_and_the_others_are_written(
    entry: str, line: int, reason: str
) -> None:
    raw = f"% comment\n\n{entry}\n\n{OTHER}"
    done = written(raw, a={"year": "1"}, other={"year": "2001"})
    told = str(done.refused[0])
    assert told.startswith(f"{FILE}:{line}: a: not written: {reason}")
    assert len({finding.key for finding in done.refused}) == 1
    assert done.text == raw.replace("  unverified = {year: guessed},\n", "  year = {2001},\n")
    assert done.written == {"other": ["year"]}


@pytest.mark.parametrize("value", ["}", "{", "a}, volume = {3", "a}\n}\n@book{new,\n title = {b"])
def test_a_value_that_would_be_more_than_one_is_refused(value: str) -> None:
    done = written(ONE + OTHER, one={"journal": value})
    assert done.text == ONE + OTHER
    assert [finding.key for finding in done.refused] == ["one"]


def test_an_entry_that_was_changed_meanwhile_is_left_alone() -> None:
    then, now = by_key(ONE + OTHER), ONE.replace("A Title", "Another Paper")
    done = fixed(now, FILE, {"one": {"pmid": "7"}, "other": {"year": "2001"}}, then)
    assert done.text == now
    assert [str(finding).partition(";")[0] for finding in done.refused] == [
        f"{FILE}:1: one: not written: it was changed while databases were asked",
        f"{FILE}:7: other: not written: it is gone",
    ]


# -- What is settled -------------------------------------------------------------------------------
def test_what_is_confirmed_stays_and_is_no_longer_declared() -> None:
    done = written(ONE, one={"year": "2016", "doi": "10.5555/one"})
    assert done.text == ONE.replace("year: from the DOI; ", "")
    assert (done.written, done.confirmed) == ({}, {"one": ["year"]})


def test_what_is_there_and_not_declared_changes_nothing() -> None:
    done = written(ONE, one={"doi": "10.5555/one"})
    assert (done.text, done.written, done.confirmed, done.refused) == (ONE, {}, {}, [])


def offer(raw: str, name: str, value: str) -> tuple[SourceEntry, Offer]:
    (entry,) = by_key(raw).values()
    return entry, Offer(name, value, "Crossref")


def test_values_on_which_databases_disagree_are_left_out() -> None:
    pairs = [offer(ONE, "volume", "1"), offer(ONE, "volume", "2"), offer(ONE, "pmid", "7")]
    assert agreed([*pairs, pairs[-1]]) == {"one": {"pmid": "7"}}


def test_no_journal_is_written_into_a_part_of_a_book() -> None:
    part = "@incollection{p,\n  booktitle = {Book},\n}\n"
    assert agreed([offer(part, "journal", "J"), offer(part, "year", "1")]) == {"p": {"year": "1"}}


# -- Any layout ------------------------------------------------------------------------------------
class Made(NamedTuple):
    """A file, and what databases have of its entries."""

    pieces: list[tuple[str, str]]  #: The text of each piece with its key, empty between entries.
    ends: set[str]  #: The line ends in it.
    values: dict[str, dict[str, str]]

    @property
    def raw(self) -> str:
        """The whole file."""
        return "".join(text for _, text in self.pieces)


NAMES = st.sampled_from([*RULES, "publisher", "note", "keywords", "month"])
TEXTS = st.sampled_from(
    [
        "2016",
        "A {B} of $x$",
        "Doe, Ann and {G H}",
        "one; two: three",
        "a # b",
        "x\n    y",
        "@k, %",
        "ä",
    ]
)
BROKEN = st.sampled_from(["{", "}", "a} , b = {c", "a}\n}\n@book{b,"])
BETWEEN = st.sampled_from(
    ["", "\n", "\n\n", "% a comment {\n", "  % year = {1},\n\n", "@comment{x}\n"]
)


@st.composite
def entries(draw: st.DrawFn, key: str) -> str:
    """Return an entry under *key* as somebody could have written it."""
    names = draw(st.lists(NAMES, unique=True, max_size=6))
    fields = [(name, draw(TEXTS)) for name in names]
    if draw(st.booleans()):
        declared = draw(st.lists(st.sampled_from([*RULES, "wording"]), unique=True, min_size=1))
        parted = draw(st.sampled_from(["; ", ";", " ;\n      "]))
        text = parted.join(f"{name}: not seen" for name in declared)
        fields.insert(draw(st.integers(0, len(fields))), ("unverified", text))
    indent = draw(st.sampled_from(["  ", "", "\t", "    "]))
    equals = draw(st.sampled_from([" = ", "=", "   =\n  "]))
    shared = draw(st.sampled_from(["\n"] * 6 + [" "]))
    lines = []
    for name, text in fields:
        forms = [f"{{{text}}}"] * 4 + [f'"{text}"', f'"{text[:1]}" # {{{text[1:]}}}']
        forms += [text] if text.isdigit() else []
        shown = name.upper() if draw(st.integers(0, 9)) == 0 else name
        lines.append(f"{indent}{shown}{equals}{draw(st.sampled_from(forms))}")
    opened, closed = draw(st.sampled_from([("{", "}"), ("{", "}"), ("(", ")")]))
    body = f",{shared}".join(lines) + draw(
        st.sampled_from([",", ",", "", " ,"]) if lines else st.just("")
    )
    before = draw(st.sampled_from(["", "", " "]))
    behind = draw(st.sampled_from(["\n", "\n", "", " "]))
    return f"{before}@article{opened}{key},{shared}{body}{behind}{closed}"


@st.composite
def files(draw: st.DrawFn) -> Made:
    """Return a file of some entries."""
    ends = draw(st.sets(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1))
    pieces = [("", draw(st.sampled_from(["", "\ufeff"])))]
    values: dict[str, dict[str, str]] = {}
    for key in [f"k{number}" for number in range(draw(st.integers(1, 4)))]:
        pieces += [("", draw(BETWEEN)), (key, draw(entries(key))), ("", "\n")]
        if draw(st.booleans()):
            there = by_key(pieces[-2][1])[key]
            fields = draw(st.dictionaries(st.sampled_from([*RULES]), TEXTS, min_size=1, max_size=4))
            for name in fields:
                if name in there.lines and draw(st.booleans()):
                    fields[name] = there.value(name)
                elif draw(st.integers(0, 19)) == 0:
                    fields[name] = draw(BROKEN)
            values[key] = fields
    pieces[-1] = ("", draw(st.sampled_from(["", "\n", "\n% the end"])))

    def with_ends(text: str) -> str:
        return re.sub("\n", lambda _: draw(st.sampled_from(sorted(ends))), text)

    return Made([(key, with_ends(text)) for key, text in pieces], ends, values)


@fuzz
@given(files())
def test_in_any_layout_the_wanted_fields_are_right_or_the_entry_is_refused(made: Made) -> None:
    old = by_key(made.raw)
    values = made.values
    done = fixed(made.raw, FILE, values, old)
    new = by_key(done.text)
    changed = done.written.keys() | done.confirmed.keys()
    refused = {finding.key for finding in done.refused}
    assert changed | refused <= values.keys()
    assert not changed & refused
    # All else is the same, byte for byte, and in its place.
    pattern = "".join(
        re.escape(text[: text.index("@")]) + "@.*[})]" if key in changed else re.escape(text)
        for key, text in made.pieces
    )
    assert re.fullmatch(pattern, done.text, re.DOTALL)
    assert [*new] == [*old]
    assert all(new[key].source == old[key].source for key in old if key not in changed)
    if len(made.ends) == 1:
        assert {*LINE_END.findall(done.text)} <= made.ends
    for key in values.keys() - refused:
        before, after = old[key], new[key]
        fields = {name: " ".join(value.split()) for name, value in values[key].items()}
        kept = [name for name in before.lines if name not in {*fields, "unverified"}]
        assert {name: after.value(name) for name in fields} == fields
        assert {name: after.fields[name] for name in kept} == {
            name: before.fields[name] for name in kept
        }
        assert after.lines.keys() <= {*fields, *before.lines}
        assert declarations(after.value("unverified")) == [
            pair for pair in declarations(before.value("unverified")) if pair[0] not in fields
        ]
        assert [name for name in after.lines if name in before.lines] == [
            name for name in before.lines if name in after.lines
        ]


def test_every_field_that_is_compared_has_a_place_in_the_order_of_the_file() -> None:
    assert RULES.keys() <= {*ORDER}
