"""The study record of a paper: its options and its prose, and what is wrong with them.

A record is the option block of a ```` ```{study} key ```` directive. Everything that a page, a table,
a drawing or a feed says of a paper comes from here or from its entry in the ``.bib`` file.
"""

import datetime as dt
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from common.text import did_you_mean
from studies.vocabulary import (
    AS_PUBLISHED,
    HARMS_TERM,
    MARKUP,
    NONE,
    NOT_KNOWN,
    NUMBER,
    SHARE,
    STATUSES,
    Vocabulary,
    groups,
    pairs,
    plain_figures,
)
from verified import Known, record_digest

#: Each status is worse than those before it.
STATUS_ORDER = [*STATUSES]
#: The options whose figures are looked for in the abstract, and the one that names other sources.
WITH_FIGURES = ("people", "left-early", "dose", "duration", "harms", "figures")
#: The name of the directive that holds a record.
STUDY = "study"
#: After this many days a record that was not compared with its source again is overdue.
REVIEW_DAYS = 365
NESTED = "the record is in another block; close that first, or move the record out of it"
OPTION = re.compile(r":([\w-]+):[ \t]*(.*)")
#: A line in the page, from 1, and what is wrong with it and how to fix it.
Problem = tuple[int, str]


@dataclass(frozen=True)
class Record:
    """The options of one record; all of them were valid when `problems` is empty."""

    key: str  #: The key of the paper in the ``.bib`` file.
    line: int  #: The line of the directive, from 1, in the page.
    #: The options by their name, as written or by default; a missing or wrong one is left out.
    options: Mapping[str, str]
    #: The lines of those that are written.
    lines: Mapping[str, int] = field(compare=False)
    #: The lines after the options, and the line in the page on which they begin.
    body: tuple[str, ...]
    body_line: int
    #: What is wrong.
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    def __getitem__(self, name: str) -> str:
        """Return the option *name*; empty when it may be left out and was. Raises nothing."""
        return self.options.get(name, "")

    @property
    def written(self) -> list[str]:
        """Return the names of the options that are written and may be so."""
        return [name for name in self.options if name in self.lines]

    @property
    def comparator(self) -> str:
        """Return what the treatment was compared with, one word of the vocabulary; or "none"."""
        return self["comparator"].partition(";")[0]

    @property
    def notice(self) -> str:
        """Return the publication status; empty when there is none, or it is as published."""
        return "" if self["status"] == AS_PUBLISHED else self["status"]

    @property
    def harms(self) -> dict[str, str]:
        """Return the unwanted effects by their kind; empty when none are told."""
        return {name: text for name, text in pairs(self["harms"]) if text}

    @property
    def people(self) -> list[tuple[int, str]]:
        """Return the number of people in each group, with the name of the group."""
        return groups(self["people"])

    @property
    def number(self) -> int:
        """Return how many people were studied in all; 0 when no one was, or when it is not given."""
        return sum(number for number, _ in self.people)

    @property
    def digest(self) -> str:
        """Return what changes with what is compared: figures, and the words around them."""
        return record_digest([*(self[name] for name in WITH_FIGURES), "\n".join(self.body)])

    def overdue(self, today: dt.date) -> bool:
        """Return whether the last comparison with the source is more than twelve months before *today*."""
        reviewed = self["reviewed"]
        return bool(reviewed) and (today - dt.date.fromisoformat(reviewed)).days > REVIEW_DAYS


def parse_record(key: str, line: int, lines: Sequence[str], vocabulary: Vocabulary) -> Record:
    """Return the record of *key* whose directive stands on *line* and holds *lines*.

    Nothing is raised: what is wrong stands in `Record.problems`, all of it.
    """
    options: dict[str, str] = {}
    places: dict[str, int] = {}
    problems: list[Problem] = []
    begin = line + 1
    for text in lines:
        match = OPTION.fullmatch(text.strip())
        if not match:
            break
        name, value = match.groups()
        if text[:1].isspace():
            problems.append((begin, f"white space before :{name}:; delete it"))
        elif wrong := what_is_wrong(name, value, places, vocabulary):
            problems.append((begin, wrong))
        else:
            options[name] = value
        places.setdefault(name, begin)
        begin += 1
    for name, option in vocabulary.options.items():
        if option.default and name not in places:
            options[name] = option.default
    record = Record(key, line, options, places, tuple(lines[begin - line - 1 :]), begin)
    problems += [(line, wrong) for wrong in what_is_missing(record, vocabulary)]
    for name, wrong in what_does_not_fit(record, vocabulary):
        problems.append((places.get(name, line), wrong))
    problems += misplaced_lines(record, vocabulary)
    return replace(record, problems=tuple(sorted(problems)))


def with_problem(record: Record, message: str) -> Record:
    """Return *record* with a problem in its first line."""
    return replace(record, problems=((record.line, message), *record.problems))


def with_notice(record: Record, known: Known | None) -> Record:
    """Return *record* with the status that databases *know* of its paper, if that is worse than its own."""
    own = STATUS_ORDER.index(record["status"]) if record["status"] in STATUS_ORDER else 0
    if known is None or STATUS_ORDER.index(known.status) <= own:
        return record
    told = {
        "status": known.status,
        "status-date": known.date or NOT_KNOWN,
        "status-source": f"{known.source}; this record was not yet changed for it",
    }
    return replace(record, options={**record.options, **told})


def what_is_wrong(name: str, value: str, earlier: Container[str], vocabulary: Vocabulary) -> str:
    """Return what is wrong with the option *name* and its *value*, after the options *earlier*."""
    options = vocabulary.options
    if name not in options:
        guess = did_you_mean(name, options) or f"; the options are: {', '.join(options)}"
        return f"no option is called {name}{guess}"
    if found := MARKUP.search(value):
        return f"{name}: {found[0]} is not allowed; write plain words without markup"
    if name in earlier:
        return f"{name} is here a second time; delete one"
    wrong = options[name].check(value)
    if not value:
        remedy = "fill it in" if options[name].required else "fill it in, or delete the line"
        return f"{name} is empty; {wrong or remedy}"
    return f"{name}: {value!r} is not allowed; {wrong}" if wrong else ""


def what_is_missing(record: Record, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield what *record* lacks."""
    for name, option in vocabulary.options.items():
        treated = name != "harms" or record["medicine"] not in {"", NONE}
        if option.required and treated and name not in record.lines:
            hint = option.check("") or "fill it in"
            yield f"the option {name} is missing; {hint}"
    text = "\n".join(["", "", *record.body])
    for term in vocabulary.terms:
        if re.search(rf"\n\s*\n{re.escape(term)}\n:[ \t]*(\n|$)", text):
            yield f'"{term}" is empty; write {term[:1].lower()}{term[1:]} behind the colon below it'
        elif not re.search(rf"\n\s*\n{re.escape(term)}\n: *\S", text):
            yield (
                f'the prose lacks "{term}"; write the words on a line, an empty line above it, '
                'and below ": " and the text'
            )
    if record["status"] == "retracted" and not record["acknowledged"]:
        yield (
            "the paper is retracted; say in the option acknowledged what that means for this page, "
            "or take the paper out"
        )
    if record.notice and "status-source" not in record.lines:
        yield "the option status-source is missing; say who published the notice"


def what_does_not_fit(record: Record, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield an option of *record*, and why it does not fit to another."""
    yield from misfits_of_treatment(record, vocabulary)
    yield from misfits_of_people(record)
    texts = [record[name] for name in record.written if name != "figures"]
    text = plain_figures(" ".join([*texts, *record.body]))
    for figures, _ in pairs(record["figures"]):
        for figure in re.split(r"[ ,]+", plain_figures(figures)):
            if not re.search(rf"(?i)(?<![\w.,-]){re.escape(figure)}(?![\w%]|[.,]\d)", text):
                remedy = "delete it, or write it as it stands there"
                yield "figures", f"{figure} is not in the record; {remedy}"
    if "" < record["reviewed"] < record["added"]:
        yield "reviewed", "reviewed is before added; fix one of the days"


def misfits_of_treatment(record: Record, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield what does not fit between the medicine, the comparison and the direction."""
    direction, untreated = record["direction"], vocabulary.untreated
    if direction in vocabulary.compared and record.comparator == NONE:
        yield "direction", f"{direction!r} needs a comparison; name it in comparator"
    if direction in vocabulary.uncompared and record.comparator not in {"", NONE}:
        yield "direction", f"{direction!r} has no comparison, and comparator names one; fix one"
    if record["medicine"] == NONE:
        if direction and untreated and direction != untreated:
            yield "direction", f"medicine is {NONE}, so direction has to be {untreated!r}; fix one"
        for name in ("dose", "harms"):
            if name in record.written:
                yield name, f"{name} is given, and medicine is {NONE}; delete one"


def misfits_of_people(record: Record) -> Iterator[tuple[str, str]]:
    """Yield figures of more people than there were."""
    for name in ("harms", "left-early"):
        if record["people"] == NONE and re.search(r"\d", record[name]):
            yield name, f"{name} has figures, and people is {NONE}; fix one"
    left = SHARE.sub("", plain_figures(record["left-early"]))
    counts = re.findall(rf"(?:^|[;,])\s*({NUMBER})", left)
    if record.number and (most := max(map(int, counts), default=0)) > record.number:
        yield "left-early", f"{most} left early, and people has {record.number}; fix one"


def misplaced_lines(record: Record, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what stands below the options of *record*, and belongs elsewhere."""
    for line, text in enumerate(record.body, record.body_line):
        option = OPTION.fullmatch(text.rstrip())
        if option and option[1] in vocabulary.options:
            yield line, f"the option {option[1]} is below the options; move it up to them"
        elif line == record.body_line and text.strip():
            wrong = "the options end here; write each as :name: value on one line, and an empty line below the last"
            yield line, wrong
        elif "{studies}`" in text:
            yield line, "a record cannot count papers; move the sentence out of it"
        elif text.strip() == HARMS_TERM:
            yield line, f"{HARMS_TERM} is an option; write the words behind :harms:"
        elif re.match(r"#{1,6} ", text):
            yield line, "a heading in a record; write a term on a line, and below : and the text"
