"""Invented sites of any size, with the same words for each way of making references.

`references` invents what is cited, and `site` the pages that cite it: files by their path. Nothing
here reads or writes a file, and the same arguments give the same text on every machine.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pybtex.backends.markdown import Backend
from pybtex.database import parse_string

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_ext"))

from references.labels import labels, sort_key
from references.nlm_style import caveat, reference

#: Each page cites as many entries of its own.
ENTRIES_PER_PAGE = 10
SEED = 20261

#: The title that `edited` edits, of the first entry, and what it becomes.
OLD_TITLE = "A Title That Has a Word Missing"
NEW_TITLE = "A Title That Has a New Word Missing"

#: What every page says below its title: our extension puts it there, elsewhere it is typed.
NOTICE = "Every paper on this site is invented.\n\nRead the [safety page](safety.md)."

SURNAMES = r"""
Abe Adler Almeida Andersson {\AA}berg Bach Banerjee Baker Becker Bianchi Bose Brandt Carter
Chen Cohen Costa Cruz Dahl Diaz Dubois Eriksen Evans Farkas Flores Fujita Garc{\'i}a Gibson
Gray Gupta Haas Hall Hoffmann Hansen Hughes Ito Ivanov Jansen Jones Kaplan Kaya Kelly
Khan Kim Keller Kowalski Kr{\"u}ger Lange Larsen Lee Lef{\`e}vre Levy Lopes Lund M{\"u}ller
Martin Mehta Mori Murphy Nagy Nguyen Nov{\'a}k O{\v{c}}en{\'a}{\v{s}} Okafor Olsen Ortiz Patel
Petrov Quinn Rao Reyes Rossi Roux Saito Sato Schr{\"o}der Shah Silva Sanders Stein Suzuki
Taylor Tremblay Ueda Vargas Vogel Wang White Xu Y{\i}lmaz Young Zhang Zieli{\'n}ski
""".split()  # noqa: SIM905  names read better as text
GIVEN_NAMES = r"""
Ada Akira Ana Andr{\'e} Ben Carla Daniel David Elena Eric Eva Femi Grace Hana Hugo Ivan Jean-Luc
John Jos{\'e} Karen Laura Leo Maria Mia Noah Olga Omar Paul Priya Sara Thomas Vera Wei Zo{\"e}
""".split()  # noqa: SIM905  as above
HOUSES = {
    "Institute for Invented Health and Care Results": "IIHR",
    "World Organization for Benchmark Medicine": "WOBM",
    "Monitoring Centre for Fictional Drugs and Addiction": "MCFDA",
}
JOURNALS = ("Imaginary Journal of Psychiatry", "Benchmark Psychopharmacology", "Invented Pain")
DESIGNS = ("A Randomized Controlled Trial", "A {BOLD} {fMRI} Study", "Evidence from {PET} Imaging")
TOPICS = ("Social Pain", "Attachment", "Separation Distress", "{HPA} Axis Activity", "Dissociation")
AGENTS = ("Naltrexone", "Oxytocin", "{OPRM1} Variation", "Placebo", "$\\kappa$-Opioid Antagonists")
GROUPS = ("Healthy Adults", "People with Depression", "Trauma-Exposed Adolescents", "Outpatients")
SECTIONS = ("What was done", "What was found", "Mechanism", "What this does not show", "Later work")
SUBJECTS = ("the trial", "this cohort", "a later analysis", "the smaller of the two studies")
VERBS = ("reported", "did not find", "replicated in part", "was too small to show", "proposed")
OUTCOMES = (
    "lower ratings of distress after four weeks",
    "an association between early adversity and pain tolerance",
    "a shift in attention towards faces that look angry",
    "an effect of the dose on mood in the evening",
)
LIMITS = (
    "although half of the participants left before the end",
    "but the comparison was not blinded",
    "with confidence intervals that include no effect at all",
    "while doses were adjusted by the treating clinician",
)


@dataclass(frozen=True)
class References:
    """The references of a site: the BibTeX source, and what it looks like when typed by hand."""

    bibtex: str
    keys: list[str]
    #: The label of each key, in the order of the reference list.
    labels: dict[str, str]
    #: The reference of each key as a person would type it.
    typed: dict[str, str]


def references(pages: int) -> References:
    """Return the references for as many *pages*, typed by the project's own style."""
    entries = bibliography(pages * ENTRIES_PER_PAGE)
    bibtex = "\n".join(entries.values())
    database = parse_string(bibtex, "bibtex").entries
    labelled = labels(database.values())
    markdown = Backend()
    cited = {key: cited_in(serial) for serial, key in enumerate(entries)}
    typed = {
        entry.key: " ".join(
            [
                f"**{labelled[entry.key]}**",
                reference(entry).render(markdown),
                *(f"*Not yet verified: {words}*." for words in [caveat(entry)] if words),
                cited[entry.key],
            ]
        )
        for entry in database.values()
    }
    in_order = {entry.key: labelled[entry.key] for entry in sorted(database.values(), key=sort_key)}
    return References(bibtex, list(entries), in_order, typed)


def site(variant: str, cited: References) -> dict[str, str]:
    """Return the files of *variant* that cite all of *cited*, by their path below the source folder."""
    make = VARIANTS[variant]
    pages = len(cited.keys) // ENTRIES_PER_PAGE
    files = {page_name(number): page(make, number, pages, cited) for number in range(pages)}
    files["safety.md"] = f"# Safety\n\n{make.notice_itself or make.notice}\n"
    if variant != "typed":
        files["references.bib"] = cited.bibtex
    names = [name for name in files if name.endswith(".md")]
    tree = "\n".join(["```{toctree}", ":maxdepth: 1", *names, "```"])
    if variant == "mkdocs":
        tree = "\n".join(f"- [{name.removesuffix('.md')}]({name})" for name in names)
    files["index.md"] = f"# A site of {pages} pages\n\n{make.notice}\n\n{tree}\n"
    return files


def edited(files: dict[str, str]) -> tuple[str, str]:
    """Return path and new text of the bibliography among *files*; of the first page where it is typed."""
    if "references.bib" in files:
        return "references.bib", files["references.bib"].replace(OLD_TITLE, NEW_TITLE)
    return page_name(0), files[page_name(0)].rstrip() + " Afterword.\n"


# -- Entries ---------------------------------------------------------------------------------------


def cited_in(serial: int) -> str:
    """Return the link to where the reference with this number, from 0, is cited."""
    number, position = divmod(serial, ENTRIES_PER_PAGE)
    heading = SECTIONS[position // 2]
    anchor = heading.lower().replace(" ", "-")
    return f"Cited in: [{page_title(number)}, {heading}]({page_name(number)}#{anchor})."


def bibliography(number: int) -> dict[str, str]:
    """Return as many BibTeX entries, by their key."""
    rng = random.Random(SEED)  # noqa: S311  reproducible, not secret
    entries: dict[str, str] = {}
    previous: tuple[list[str], int] | None = None
    for serial in range(number):
        # One entry in twelve has authors and year of the one before: (2010a), (2010b).
        if previous is None or rng.random() > 1 / 12:
            previous = people(rng), rng.randint(1975, 2026)
        authors, year = previous
        make = article if rng.random() < 4 / 5 else document
        kind, fields = make(rng, serial, authors)
        fields["title"] = f"{title(rng)}, Report {serial}" if serial else OLD_TITLE
        fields["year"] = str(year)
        if rng.random() < 1 / 10:
            fields["unverified"] = "pages: not seen; year: recalled, not yet checked"
        key = f"entry{year}n{serial:05}"
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in sorted(fields.items()))
        entries[key] = f"@{kind}{{{key},\n{lines}}}\n"
    return entries


def people(rng: random.Random) -> list[str]:
    """Return three to eight names, some of them with a double surname or an initial."""
    names = []
    for _ in range(rng.randint(3, 8)):
        surname = rng.choice(SURNAMES)
        if rng.random() < 1 / 3:
            surname += "-" + rng.choice(SURNAMES)
        initial = rng.choice(("", " " + rng.choice("ABCDEFGHJKLMNPRSTVW") + "."))
        names.append(f"{surname}, {rng.choice(GIVEN_NAMES)}{initial}")
    return names if rng.random() > 1 / 20 else [*names, "others"]


def title(rng: random.Random) -> str:
    """Return a title with acronyms and Greek letters, as TeX writes them."""
    return (
        f"{rng.choice(AGENTS)} and {rng.choice(TOPICS)} in {rng.choice(GROUPS)}:"
        f" {rng.choice(DESIGNS)}"
    )


def article(rng: random.Random, serial: int, authors: list[str]) -> tuple[str, dict[str, str]]:
    """Return type and fields of a paper in a journal."""
    first = rng.randint(1, 900)
    fields = {
        "author": " and ".join(authors),
        "journal": rng.choice(JOURNALS),
        "volume": str(rng.randint(5, 200)),
        "number": str(rng.randint(1, 12)),
        "pages": f"{first}--{first + rng.randint(3, 20)}",
        "doi": f"10.0000/s{serial:07}-{first:04}({rng.randint(1, 99)})",
    }
    if rng.random() < 4 / 5:
        fields["pmid"] = str(90_000_000 + serial)
    if rng.random() < 1 / 3:
        fields["pmcid"] = f"PMC{90_000_000 + serial}"
    return "article", fields


def document(rng: random.Random, serial: int, authors: list[str]) -> tuple[str, dict[str, str]]:
    """Return type and fields of a report whose author is an institution, or of a page on the web."""
    fields = {
        "url": f"https://example.org/{serial}/?lang=en",
        "urldate": f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
    }
    if rng.random() < 2 / 5:
        return "misc", {"author": " and ".join(authors), "howpublished": "Web page", **fields}
    house, short = rng.choice(list(HOUSES.items()))
    author = {"author": f"{{{house}}}", "shortauthor": short, "institution": house}
    return "techreport", {**author, "number": str(rng.randint(1, 400)), **fields}


# -- Pages -----------------------------------------------------------------------------------------


def page(make: Variant, number: int, pages: int, cited: References) -> str:
    """Return the page with this *number*, from 0: some 400 words that cite ten references."""
    rng = random.Random(SEED + number)  # noqa: S311  as above
    keys = cited.keys[number * ENTRIES_PER_PAGE :][:ENTRIES_PER_PAGE]
    onward = f"The next page is [about another paper]({page_name((number + 1) % pages)})."
    blocks = [f"# {page_title(number)}", make.notice, f"{prose(rng, 2)} {onward}"]
    for position, heading in enumerate(SECTIONS):
        first, second = keys[position * 2 : position * 2 + 2]
        opening = [first] if position else sorted([first, second], key=list(cited.labels).index)
        size = f"- **Size.** *{rng.randint(8, 400)}* people took part."
        design = f"- **Design.** {sentence(rng, make.citation([second], cited))}"
        text = f"{prose(rng, 1)} {sentence(rng, make.citation(opening, cited))}"
        blocks += [f"## {heading}", text, f"{design}\n{size}", prose(rng, 1)]
    if make.reference:
        blocks += ["## References", *(make.reference(key, cited) for key in keys)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def page_name(number: int) -> str:
    """Return the file of the page with this *number*, from 0."""
    return f"page-{number + 1:04}.md"


def page_title(number: int) -> str:
    """Return the title of the page with this *number*, from 0."""
    return f"Paper {number + 1}"


def prose(rng: random.Random, sentences: int) -> str:
    """Return as many sentences that cite nothing."""
    return " ".join(sentence(rng, "") for _ in range(sentences))


def sentence(rng: random.Random, citation: str) -> str:
    """Return a sentence that ends with *citation*."""
    words = (rng.choice(part) for part in (SUBJECTS, VERBS, OUTCOMES))
    text = f"{' '.join(words)}, {rng.choice(LIMITS)}"
    return f"{text[0].upper()}{text[1:]}{citation and ' '}{citation}."


# -- Variants --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant:
    """How one kind of site writes what differs."""

    #: What cites some keys.
    citation: Callable[[list[str], References], str]
    #: What prints the reference of a key on its page; without it the engine decides where.
    reference: Callable[[str, References], str] | None = None
    #: The notice on every page; empty where an extension puts it there.
    notice: str = f"```{{warning}}\n{NOTICE}\n```"
    #: The notice on its own page, if it differs there.
    notice_itself: str = ""


def linked(key: str, cited: References) -> str:
    """Return a link to the reference of *key*, as a person would type it."""
    return f"{{ref}}`{cited.labels[key]} <ref-{key}>`"


VARIANTS = {
    "ours": Variant(
        lambda keys, _: f"{{cite:p}}`{','.join(keys)}`",
        lambda key, _: f"```{{reference}} {key}\n```",
        "",
        f"```{{medication-safety}}\n{NOTICE}\n```",
    ),
    "typed": Variant(
        lambda keys, cited: f"({'; '.join(linked(key, cited) for key in keys)})",
        lambda key, cited: f"(ref-{key})=\n{cited.typed[key]}",
    ),
    "mkdocs": Variant(
        lambda keys, _: f"[{'; '.join(f'@{key}' for key in keys)}]",
        notice="!!! warning\n\n    " + NOTICE.replace("\n\n", "\n\n    "),
    ),
}
