"""The study record of a paper: its options and its prose, and what is wrong with them.

A record is the option block of a ```` ```{study} key ```` directive. Everything that a page, a table,
a drawing or a feed says of a paper comes from here or from its entry in the ``.bib`` file.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from common.text import did_you_mean
from studies.vocabulary import MARKUP, Vocabulary, groups

#: The name of the directive that holds a record.
STUDY = "study"
#: After this many days a record that was not compared with its source again is overdue.
REVIEW_DAYS = 365
NESTED = "the record is in another block; close that first, or move the record out of it"
OPTION = re.compile(r":([\w-]+):[ \t]*(.*)")


class Problem(NamedTuple):
    """What is wrong with a line of a record."""

    line: int  #: The line, from 1, in the page.
    message: str  #: What is wrong, and how to fix it.


@dataclass(frozen=True)
class Record:
    """The options of one record; all of them were valid when `problems` is empty."""

    key: str  #: The key of the paper in the ``.bib`` file.
    line: int  #: The line of the directive, from 1, in the page.
    #: The options by their name, as written; a missing or wrong one is left out.
    options: Mapping[str, str]
    #: The lines after the options, and the line in the page on which they begin.
    body: tuple[str, ...]
    body_line: int
    #: What is wrong.
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    def __getitem__(self, name: str) -> str:
        """Return the option *name*; empty when it may be left out and was. Raises nothing."""
        return self.options.get(name, "")

    @property
    def people(self) -> list[tuple[int, str]]:
        """Return the number of people in each group, with the name of the group."""
        return groups(self["people"])

    @property
    def number(self) -> int:
        """Return how many people were studied in all; 0 when no one was, or when it is not given."""
        return sum(number for number, _ in self.people)

    def overdue(self, today: dt.date) -> bool:
        """Return whether the last comparison with the source is more than twelve months before *today*."""
        reviewed = self["reviewed"]
        return bool(reviewed) and (today - dt.date.fromisoformat(reviewed)).days > REVIEW_DAYS


def parse_record(key: str, line: int, lines: Sequence[str], vocabulary: Vocabulary) -> Record:
    """Return the record of *key* whose directive stands on *line* and holds *lines*.

    Nothing is raised: what is wrong stands in `Record.problems`, all of it.
    """
    options: dict[str, str] = {}
    seen: set[str] = set()
    problems: list[Problem] = []
    matches = [OPTION.fullmatch(text.strip()) for text in lines]
    count = next((number for number, match in enumerate(matches) if not match), len(lines))
    for number, match in enumerate(matches[:count], line + 1):
        name, value = match.groups() if match else ("", "")
        if lines[number - line - 1][:1].isspace():
            problems.append(Problem(number, f"white space before :{name}:; delete it"))
        elif wrong := what_is_wrong(name, value, seen, vocabulary):
            problems.append(Problem(number, wrong))
        else:
            options[name] = value
        seen.add(name)
    body = tuple(lines[count:])
    problems += [Problem(line, wrong) for wrong in what_is_missing(options, seen, body, vocabulary)]
    problems += misplaced_lines(body, line + 1 + count, vocabulary)
    return Record(key, line, options, body, line + 1 + count, tuple(sorted(problems)))


def with_problem(record: Record, message: str) -> Record:
    """Return *record* with a problem in its first line."""
    return replace(record, problems=(Problem(record.line, message), *record.problems))


def what_is_wrong(name: str, value: str, earlier: set[str], vocabulary: Vocabulary) -> str:
    """Return what is wrong with the option *name* and its *value*, after the options *earlier*."""
    options = vocabulary.options
    if name not in options:
        guess = did_you_mean(name, options) or f"; the options are: {', '.join(options)}"
        return f"no option is called {name}{guess}"
    if found := MARKUP.search(value):
        return f"{name}: {found[0]} is not allowed; write plain words without markup"
    if name in earlier:
        return f"{name} is here a second time; delete one"
    remedy = "fill it in" if options[name].required else "fill it in, or delete the line"
    if wrong := options[name].check(value) or ("" if value else remedy):
        return (
            f"{name}: {value!r} is not allowed; {wrong}" if value else f"{name} is empty; {wrong}"
        )
    return ""


def what_is_missing(
    options: Mapping[str, str], seen: set[str], body: Sequence[str], vocabulary: Vocabulary
) -> Iterator[str]:
    """Yield what a record lacks, and what does not fit together; *options* are valid, *seen* any."""
    for name, option in vocabulary.options.items():
        if option.required and name not in seen:
            hint = option.check("") or "fill it in"
            yield f"the option {name} is missing; {hint}"
    text = "\n".join(["", "", *body])
    for term in vocabulary.terms:
        if re.search(rf"\n\s*\n{re.escape(term)}\n:[ \t]*(\n|$)", text):
            yield f'"{term}" is empty; write {term[:1].lower()}{term[1:]} behind the colon below it'
        elif not re.search(rf"\n\s*\n{re.escape(term)}\n: *\S", text):
            yield (
                f'the prose lacks "{term}"; write the words on a line, an empty line above it, '
                'and below ": " and the text'
            )
    if options.get("status") == "retracted" and not options.get("acknowledged"):
        yield (
            "the paper is retracted; say in the option acknowledged what that means for this page, "
            "or take the paper out"
        )
    if options.get("reviewed", "9") < options.get("added", "0"):
        yield "reviewed is before added; fix one of the days"


def misplaced_lines(body: Sequence[str], begin: int, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what stands in *body*, which begins on the line *begin*, and belongs elsewhere."""
    for line, text in enumerate(body, begin):
        option = OPTION.fullmatch(text.rstrip())
        if option and option[1] in vocabulary.options:
            yield Problem(line, f"the option {option[1]} is below the options; move it up to them")
        elif line == begin and text.strip():
            yield Problem(
                line,
                "the options end here; write each as :name: value on one line, "
                "and an empty line below the last",
            )
        elif re.match(r"#{1,6} ", text):
            yield Problem(
                line, "a heading in a record; write a term on a line, and below : and the text"
            )
