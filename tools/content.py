"""Rules for the words of this site: careful, readable, and safe for a reader in danger.

No program can tell whether a summary is fair: these rules hold structure, numbers and word choice.
Sources: WHO, *Preventing suicide: a resource for media professionals* (2023); NIDA, *Words Matter*;
the reading grade is that of Flesch and Kincaid (1975).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import pyphen

from common.findings import Finding
from common.text import lies_ahead, parse_day, today

if TYPE_CHECKING:
    from markup import Source
    from pages import Block, Directive

#: The pages that have rules of their own.
START, SAFETY, PAPERS = "index.md", "safety.md", "citations.md"
METHODS = "methods.md"
#: Where a record of a paper does not belong.
NO_RECORDS = re.compile(r"full text|how to|help|sources|methods", re.IGNORECASE)
#: The highest school grades: pages for patients and the notice, and an entry of the glossary.
PATIENT_GRADE, GLOSSARY_GRADE, PAPERS_GRADE = 8, 9, 9
#: The most words of a study record, options and prose.
RECORD_WORDS = 350
#: The anchor of the summary that patients read on the page of the papers.
SUMMARY = "in-short"
#: The most words in a sentence; figures, and what stands in brackets, are not counted.
SENTENCE_WORDS = 25
#: What is said once and not again and again: how often it may stand on a page.
REPEATED = {
    r"no (clinician|doctor)[^.]{0,30} has reviewed": 2,
    r"not (yet )?(been )?checked": 3,
    r"was(?: not| never) read\b(?! in full)": 8,
    r"cannot show that": 6,
}
NOTICE_WORDS, PREVIEW_WORDS = 85, 25
#: What search engines show of a description, in characters.
SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 50, 160
#: Short numbers that were compared with a source; longer ones hold a country or an area.
SHORT_NUMBERS = frozenset({"000", "111", "112", "911", "988", "999"})
HELP = re.compile(r"#(crisis-help|help-now)")
DANGER = re.compile(r"self-(injur|harm|cut)|suicid", re.IGNORECASE)
DOSE = re.compile(r"(?:\b|\d)(?:mg|mcg|µg|μg)\b|microgram|milligram", re.IGNORECASE)
NOT_A_GUIDE = "not a dosing guide"
NOT_REVIEWED = re.compile(
    r"\bno (doctor|clinician)[^.]* reviewed|not reviewed by a clinician", re.IGNORECASE
)
SHADOW_LIBRARY = re.compile(r"annas?-archive\.|sci-hub\.|libgen\.", re.IGNORECASE)
#: What is not prose to be graded.
NO_PROSE = frozenset({"medication-safety", "toctree", "mechanism", "evidence", "study", "glossary"})

#: Behind words that may be quoted: an even number of quotation marks follows, so they are not.
UNQUOTED = r'(?=(?:[^"\n]*"[^"\n]*")*[^"\n]*$)'
#: Before words: the rest of a sentence that names no product and no other group of medicines.
NAMED = "suboxone|subutex|zubsolv|sublocade|brixadi|benzodiazepine|fentanyl"
UNNAMED = rf"(?:^|(?<=[.!?] ))(?![^.!?\n]*(?:{NAMED}))[^.!?\n]*"
#: What to say instead, by what hurts or misleads.
INSTEAD = {
    r"\bcommit(s|ted|ting)?\s+suicide": "died by suicide",
    r"\b((un)?successful|failed|completed)\s+(suicides?|(suicide\s+)?attempts?)\b": "suicide attempt",
    r"\b(cutters?|self-(injur|harm)ers?)\b": "people who self-injure",
    r"\b(addicts?|junk(ies?|y))\b": "people with opioid use disorder",
    r"\b(opioid|drug|substance|alcohol)\s+abus(e|ers?)\b" + UNQUOTED: "misuse, use disorder",
    r"\b(maladaptive|attention[- ]seeking)\b": "what the person does, and in which distress",
    r"\bsuffer(s|ed|ing)?\s+from\b": "have, live with",
    r"\btrigger\s+warning": "content note",
    r"\b((stay|get|got)(s|ed|ting|ing)?|been)\s+clean\b": "no longer use",
    r"\b(clean|dirty)\s+(urine|(drug\s+)?(test|screen))": "a negative or positive test",
    UNNAMED + r"\bboxed\s+warning": "whose: not every product with buprenorphine has one",
    r"\bwaiver\b[^.!?\n]*\b2023|\b2023[^.!?\n]*\bwaiver\b": "the waiver ended in December 2022",
    r"\bstrongest\s+available\s+signal": "one small trial",
    r"\bdemonstrat(es?|ed|ing)\b" + UNQUOTED: "reports, found",
    r"\brapid(ly)?\b" + UNQUOTED: "after how long",
}
WORDS = {re.compile("(?im)" + pattern): instead for pattern, instead in INSTEAD.items()}


def content_findings(sources: Mapping[str, Source]) -> Iterator[Finding]:
    """Yield what is wrong with the words of *sources*, the pages by the names of their files."""
    for source in sources.values():
        yield from hurtful(source)
        yield from numbers(source)
        yield from help_first(source)
        yield from doses(source)
        yield from shadow_libraries(source)
        yield from record_places(source)
        yield from notices(source)
        yield from glossary_entries(source)
        yield from description(source)
        yield from long_sentences(source)
        yield from repeated(source)
        if any(for_patients(directive) for directive in source.page.directives):
            yield from easy(source)
    for name, rules in RULES_OF_PAGES.items():
        if name not in sources:
            message = (
                f"the page {name} is missing; if it has another name, say so in tools/content.py"
            )
            yield Finding(name, 1, "", "page", message)
            continue
        for rule in rules:
            yield from rule(sources[name])


# -- Every page ------------------------------------------------------------------------------------


def hurtful(source: Source) -> Iterator[Finding]:
    """Yield words that hurt or mislead."""
    for pattern, instead in WORDS.items():
        for found in pattern.finditer(source.text):
            line = source.text.count("\n", 0, found.end()) + 1
            words = " ".join(found[0].split())[-60:]
            yield source.finding(line, "words", f"{words}: say instead: {instead}")


def numbers(source: Source) -> Iterator[Finding]:
    """Yield numbers to call that are not those that a reader sees, or that nobody has compared."""
    for link in source.page.links:
        if not link.address.startswith("tel:"):
            continue
        called, shown = (re.sub(r"\D", "", text) for text in (link.address, link.words))
        if called not in {shown, f"1{shown}"}:
            message = f"{link.words} calls {called}; make the two equal"
            yield source.finding(link.line, "number", message)
        elif len(called) <= len("988") and called not in SHORT_NUMBERS:
            message = (
                f"{called} is not among the short numbers that were compared with a source; "
                "compare it, then add it to SHORT_NUMBERS in tools/content.py"
            )
            yield source.finding(link.line, "number", message)


def help_first(source: Source) -> Iterator[Finding]:
    """Yield a page, or a section of papers, that speaks of suicide before it leads to help."""
    sections = [block.line for block in source.page.blocks if block.kind == "h2"]
    first = sections[0] if sections else len(source.text.split("\n")) + 1
    spoken = next((block for block in source.page.blocks if DANGER.search(block.text)), None)
    if spoken and not helps(source, 0, first):
        message = (
            "the page speaks of self-injury or suicide; lead to [help](safety.md#crisis-help) "
            "above its first section"
        )
        yield source.finding(spoken.line, "help", message)
    records = [directive.line for directive in source.page.directives if directive.name == "study"]
    for block in source.page.blocks:
        if block.kind == "h2" and re.search("suicid", block.text, re.IGNORECASE):
            paper = next((line for line in records if line > block.line), 0)
            if paper and not helps(source, block.line, paper):
                message = (
                    "lead to [help](safety.md#crisis-help) above the first paper of this section"
                )
                yield source.finding(block.line, "help", message)


def helps(source: Source, begin: int, end: int) -> bool:
    """Return whether a link to help is between the lines *begin* and *end*."""
    return any(begin <= link.line < end and HELP.search(link.address) for link in source.page.links)


def doses(source: Source) -> Iterator[Finding]:
    """Yield doses on the safety page, and those elsewhere without the words that they are no guide."""
    for block in source.page.blocks:
        if not DOSE.search(block.text):
            continue
        if source.name == SAFETY:
            yield source.finding(block.line, "dose", "the safety page names no dose; take it out")
        elif NOT_A_GUIDE not in block.text:
            message = (
                f'a dose without "a reported fact, {NOT_A_GUIDE}" in its paragraph; add the words'
            )
            yield source.finding(block.line, "dose", message)


def shadow_libraries(source: Source) -> Iterator[Finding]:
    """Yield links to sites that offer papers against the law."""
    for number, line in enumerate(source.text.split("\n"), 1):
        if SHADOW_LIBRARY.search(line) or (
            "Anna's Archive" in line and re.search(r"\]\(|\]\[|<|://|www\.", line)
        ):
            message = "a shadow library is not linked; link to the DOI or to PubMed Central"
            yield source.finding(number, "link", message)


def record_places(source: Source) -> Iterator[Finding]:
    """Yield records on another page than that of the papers, and under a heading that is no theme."""
    for directive in source.page.directives:
        if directive.name != "study":
            continue
        above = [heading for line, heading in source.page.headings if line < directive.line]
        if source.name != PAPERS:
            message = f"a record belongs on {PAPERS}; move it there"
            yield Finding(source.name, directive.line, directive.argument, "record", message)
        elif not above or NO_RECORDS.search(above[-1]):
            message = (
                "a record belongs under a theme of the papers, a heading with ##; move it there"
            )
            yield Finding(source.name, directive.line, directive.argument, "record", message)


def notices(source: Source) -> Iterator[Finding]:
    """Yield a notice that is long, hard to read, or names a quantity."""
    for directive in source.page.directives:
        if directive.name != "medication-safety":
            continue
        blocks = [block for block in source.page.blocks if inside(block, directive)]
        text = " ".join(block.prose for block in blocks)  # without the numbers to call
        for wrong in (
            "the notice counts papers; write what stays true"
            * any("{studies}`" in block.source for block in blocks),
            f"the notice has {len(text.split())} words; {NOTICE_WORDS} are enough"
            * (len(text.split()) > NOTICE_WORDS),
            "the notice names a quantity; take the figure out" * bool(re.search(r"\d", text)),
            too_hard(blocks, PATIENT_GRADE),
        ):
            if wrong:
                yield source.finding(directive.line, "notice", wrong)


def inside(block: Block, directive: Directive) -> bool:
    """Return whether *block* is in *directive*."""
    return directive.line < block.line < directive.end


def description(source: Source) -> Iterator[Finding]:
    """Yield a page without the sentence that search engines show, or with a short or a long one."""
    settings = re.match(r"---\n(.*?)\n---", source.text, re.DOTALL)
    found = re.search(r"(?m)^    description: *(.*)$", settings[1] if settings else "")
    words = found[1].strip("\"' ") if found else ""
    if not SHORTEST_DESCRIPTION <= len(words) <= LONGEST_DESCRIPTION:
        message = (
            f"the description has {len(words)} characters; write one sentence of "
            f"{SHORTEST_DESCRIPTION} to {LONGEST_DESCRIPTION} at the top, as the other pages do"
        )
        yield source.finding(1, "description", message)


# -- Reading grade ---------------------------------------------------------------------------------


@cache
def hyphenation() -> pyphen.Pyphen:
    """Return the dictionary that splits words into syllables."""
    return pyphen.Pyphen(lang="en_US")


@cache
def syllables(word: str) -> int:
    """Return how many syllables *word* has."""
    return len(hyphenation().positions(word)) + 1


def grade(texts: Sequence[str]) -> float:
    """Return the school grade (Flesch-Kincaid) that is enough to read *texts*, one or more sentences each."""
    # The point in "2.92" ends no sentence, and the end of a heading ends one.
    text = "\n".join(re.sub(r"(?<![.!?])$", ".", text.rstrip(" :;,")) for text in texts)
    text = re.sub(r"(?<=\d)\.(?=\d)", "", text)
    words = re.sub(r"[^\w\s]", "", text).split()
    if not words:
        return 0.0
    sentences = [part for part in re.findall(r"\b[^.!?]+[.!?]*", text) if len(part.split()) > 2]  # noqa: PLR2004
    per_sentence = round(len(words) / max(1, len(sentences)), 1)
    per_word = round(sum(syllables(word.lower()) for word in words) / len(words), 1)
    return round(0.39 * per_sentence + 11.8 * per_word - 15.59, 1)


def for_patients(directive: Directive) -> bool:
    """Return whether a page with *directive* is one that patients use."""
    shown = (directive.name, directive.argument)
    return shown in {("evidence", "table"), ("evidence", "sheet")} or directive.name == "questions"


def too_hard(blocks: Sequence[Block], limit: int) -> str:
    """Return that *blocks* are too hard to read, and where to begin; empty when they are not."""
    texts = [block.prose for block in blocks if re.search(r"\w", block.prose)]
    found = grade(texts)
    if found <= limit:
        return ""
    hardest = max(blocks, key=lambda block: grade([block.prose]) * len(block.prose))
    return (
        f"grade {found} to read, and {limit} is enough; shorten the sentences and the words, "
        f"line {hardest.line} first"
    )


def long_sentences(source: Source) -> Iterator[Finding]:
    """Yield sentences with too many words."""
    for block in source.page.blocks:
        if block.kind in {"th", "dt"} or block.directive in {"glossary", "toctree"}:
            continue
        text = re.sub(r"\([^()]*\)", "", block.prose)
        for sentence in re.split(r"(?<=[.!?])[\"”]?\s+(?=[\W_]*[A-Z0-9])", text):
            words = [word for word in sentence.split() if re.search(r"[^\W\d]", word)]
            if len(words) > SENTENCE_WORDS:
                message = (
                    f'"{" ".join(words[:4])} ..." has {len(words)} words; '
                    f"{SENTENCE_WORDS} are enough, so make two sentences of it"
                )
                yield source.finding(block.line, "sentence", message)


def repeated(source: Source) -> Iterator[Finding]:
    """Yield what is said on a page again and again."""
    text = " ".join(source.text.split())
    for pattern, most in REPEATED.items():
        found = [match[0] for match in re.finditer(pattern, text, re.IGNORECASE)]
        if len(found) > most:
            message = f'"{found[0]}" stands here {len(found)} times; {most} are enough'
            yield source.finding(1, "repeated", message)


def easy(source: Source, limit: int = PATIENT_GRADE) -> Iterator[Finding]:
    """Yield that a page for patients is too hard to read."""
    blocks = [block for block in source.page.blocks if block.directive not in NO_PROSE]
    if wrong := too_hard([block for block in blocks if block.kind != "th"], limit):
        yield source.finding(1, "grade", wrong)


def papers_are_easy(source: Source) -> Iterator[Finding]:
    """Yield that the page of the papers is too hard, its summary, which patients read, or a record too long."""
    yield from easy(source, PAPERS_GRADE)
    records = [block for block in source.page.blocks if block.directive == "study"]
    if wrong := too_hard([block for block in records if block.kind != "dt"], PAPERS_GRADE):
        yield source.finding(1, "grade", wrong)
    for directive in source.page.directives:
        count = len(" ".join(directive.content).split())
        closed = directive.name == "study" and not directive.fence
        if closed and count > RECORD_WORDS:
            message = f"the record has {count} words; {RECORD_WORDS} are enough, better 280"
            yield Finding(source.name, directive.line, directive.argument, "record", message)
    begin = next((line for line, name in source.page.targets if name == SUMMARY), 0)
    sections = [line for line, _ in source.page.headings if line > begin + 1]
    end = sections[0] if sections else len(source.text)
    summary = [block for block in source.page.blocks if begin < block.line < end]
    if not begin or not summary:
        message = f"the summary is missing; write ({SUMMARY})= above the heading of a section"
        yield source.finding(1, "summary", message)
    elif wrong := too_hard(summary, PATIENT_GRADE):
        yield source.finding(begin, "grade", wrong)


# -- Pages with rules of their own -----------------------------------------------------------------


def says_that_nobody_reviewed_it(source: Source) -> Iterator[Finding]:
    """Yield that a page does not say that no clinician has reviewed the site."""
    if not any(NOT_REVIEWED.search(block.text) for block in source.page.blocks):
        message = 'the page must say it: "No clinician has reviewed this site."'
        yield source.finding(1, "review", message)


def review_day(source: Source, name: str) -> tuple[int, dt.date | None]:
    """Return the line of "*name*: 2026-01-31" on a page, and the day; none when it is no day."""
    found = re.search(rf"{name}: (?:\{{due\}})?`?([^\s,`]+?)`?[.,]?(?:\s|$)", source.text)
    line = source.text.count("\n", 0, found.start()) + 1 if found else 1
    return line, parse_day(found[1]) if found else None


def review_days(source: Source) -> Iterator[Finding]:
    """Yield what is wrong with the days of the review; one that is due stops no correction."""
    days = {name: review_day(source, name) for name in ("Last reviewed", "Next review due")}
    for name, (line, day) in days.items():
        if day is None:
            yield source.finding(line, "review", f'write "{name}: 2026-01-31", a day, on the page')
    (line, last), (due_line, due) = days.values()
    if last and lies_ahead(last):
        yield source.finding(line, "review", "the review lies in the future; fix the day")
    if last and due and due <= last:
        yield source.finding(due_line, "review", "due before it was reviewed; fix the days")


def overdue_page(source: Source) -> Iterator[Finding]:
    """Yield that the review of a page was due: a warning."""
    line, day = review_day(source, "Next review due")
    if day and day < today():
        yield source.finding(line, "review", f"the review was due on {day}; review the page")


def emergencies_first(source: Source) -> Iterator[Finding]:
    """Yield that the emergency steps and the crisis lines are not the first two sections."""
    lines = source.text.split("\n")
    sections = [block for block in source.page.blocks if block.kind == "h2"]
    first = [lines[block.line - 2].strip("()=") for block in sections[:2]]
    if first != ["emergency", "crisis-help"]:
        line = sections[0].line if sections else 1
        message = "the first two sections are (emergency)= and (crisis-help)=; move them up"
        yield source.finding(line, "safety", message)


def sources_of_facts(source: Source) -> Iterator[Finding]:
    """Yield list items and rows of tables without a source; a plan of what to check again needs none."""
    plans = [
        range(directive.line, directive.end + 1)
        for directive in source.page.directives
        if directive.name == "list-table" and "stale" in directive.argument
    ]
    heads = {
        directive.line + number
        for directive in source.page.directives
        if directive.name == "list-table"
        for number in [
            next((n for n, text in enumerate(directive.content, 1) if text.startswith("* -")), 0)
        ]
    }
    for found in re.finditer(r"(?m)^(?:[*:-] |\d+\. ).*(?:\n +\S.*)*", source.text):
        line = source.text.count("\n", 0, found.start()) + 1
        if (
            "{cite" not in found[0]
            and line not in heads
            and not any(line in plan for plan in plans)
        ):
            yield source.finding(line, "source", "a fact without a source; add {cite:p}`key`")


def back_to_start(source: Source) -> Iterator[Finding]:
    """Yield that the page of the papers does not lead back to the first page above its first section."""
    first = min((block.line for block in source.page.blocks if block.kind == "h2"), default=0)
    if not any(link.address == START and link.line < first for link in source.page.links):
        yield source.finding(1, "link", f"lead back to {START} above the first section")


def glossary_entries(source: Source) -> Iterator[Finding]:
    """Yield entries of the glossary that are long, hard to read, or no sentences."""
    for directive in source.page.directives:
        if directive.name != "glossary":
            continue
        text = "\n".join(directive.content)
        text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
        for entry in re.finditer(r"(?m)^(\S.*\n)+((?:  .*(?:\n|\Z))+)", text):
            line = directive.line + text.count("\n", 0, entry.start()) + 1
            rows = entry[0].rstrip().split("\n")
            terms = [row for row in rows if not row.startswith(" ")]
            if wrong := wrong_entry(terms, [row.strip() for row in rows[len(terms) :]]):
                yield source.finding(line, "glossary", f"{terms[0]}: {wrong}")


def wrong_entry(terms: list[str], sentences: list[str]) -> str:
    """Return what is wrong with the entry of *terms*; empty when nothing is."""
    if len(sentences) > 3:  # noqa: PLR2004
        return "write three sentences at most"
    if not all(re.fullmatch(r"[A-Zκμδβ][^.!?]*\.", sentence) for sentence in sentences):
        return "write one sentence on each line, with a capital and a full stop"
    if len(sentences[0].split()) > PREVIEW_WORDS:
        return f"the first sentence is the preview; {PREVIEW_WORDS} words are enough"
    if re.search(r"\d", " ".join(sentences)):
        return "write no figures"
    if max(grade([", ".join(terms), *sentences]), grade(sentences[:1])) > GLOSSARY_GRADE:
        return f"too hard to read; grade {GLOSSARY_GRADE} is enough"
    return ""


def subjects_of_methods(source: Source) -> Iterator[Finding]:
    """Yield subjects that readers need to judge the site and that have no section."""
    headings = " ".join(heading.lower() for _, heading in source.page.headings)
    for subject in (
        *("chosen", "left out", "checked", "corrections"),
        *("disclosure", "privacy", "licence", "report a mistake"),
    ):
        if subject not in headings:
            message = f'a section with "{subject}" in its heading is missing; readers need it to judge the site'
            yield source.finding(1, "methods", message)


RULES_OF_PAGES = {
    START: (easy, says_that_nobody_reviewed_it),
    SAFETY: (
        *(easy, says_that_nobody_reviewed_it, review_days, emergencies_first),
        sources_of_facts,
    ),
    PAPERS: (back_to_start, papers_are_easy),
    METHODS: (says_that_nobody_reviewed_it, subjects_of_methods),
}
