"""Sites of any size, with the same words for each way of making references.

`site` returns the files of one variant, by their path: the same pages, whose citations are either
typed by hand or left to an extension. Nothing here reads or writes a file, and the same arguments
give the same text on every machine. Every name, number and finding is invented.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pybtex.backends.markdown import Backend
from pybtex.database import parse_string

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_ext"))

from author_year import labels, sort_key
from nlm_style import reference

if TYPE_CHECKING:
    from collections.abc import Callable

#: Each page cites as many entries of its own.
ENTRIES_PER_PAGE = 10
SEED = 20261

#: `typed` has no extension, `ours` and `stock` share their sources, `mkdocs` is for another engine.
VARIANTS = ("typed", "ours", "stock", "mkdocs")

#: Where references stand: each on the page that cites it, or all of them on one page.
LAYOUTS = ("pages", "list")

#: The title that `edited` edits, of the first entry, and what it becomes.
OLD_TITLE = "A Title That Has a Word Missing"
NEW_TITLE = "A Title That Has a New Word Missing"

SURNAMES = r"""
Abe Adler Almeida Andersson {\AA}berg Bach Baker Banerjee Barr{\'e} Becker Berg Bianchi Bose
Brandt Brown Carter Castro Chen Cohen Costa Cruz Dahl Diaz Dubois D{\'i}az Eriksen Evans Farkas
Fischer Flores Fontaine Fujita Garc{\'i}a Gibson Gonz{\'a}lez Gray Gupta Haas Hall Hansen
Hoffmann Horv{\'a}th Hughes Ito Ivanov Jansen Jensen Johansson Jones Kaplan Kaya Keller Kelly
Khan Kim Klein Kov{\'a}cs Kowalski Kr{\"u}ger Lange Larsen Lee Lef{\`e}vre Levy Lopes Lund
M{\"u}ller Marino Martin Mehta Meyer Moreau Mori Murphy Nagy Nakamura Nguyen Nielsen Nov{\'a}k
O{\v{c}}en{\'a}{\v{s}} Okafor Olsen Ortiz Owusu Park Patel Pereira Petrov Price Quinn Rao Reyes
Richter Rossi Roux Russo Saito Sanders Santos Sato Schmidt Schr{\"o}der Shah Silva Singh
S{\o}rensen Stein Suzuki Svensson Tanaka Taylor Thomas Torres Tremblay Turner Ueda Vargas Vogel
Wagner Walker Wang Weber White Wood Wright Xu Yang Y{\i}lmaz Young Zhang Zieli{\'n}ski
""".split()  # noqa: SIM905  names read better as text
GIVEN_NAMES = r"""
Ada Akira Alan Ana Andr{\'e} Anna Ben Carla Chloe Daniel David Elena Emma Eric Eva Felix Femi
Frank Grace Hana Hugo Ines Ivan Jack Jana Jean-Luc John Jos{\'e} Julia Karen Laura Leo Lina Luca
Maria Mark Mia Nina Noah Olga Omar Paul Peter Priya Rita Robert Sara Sofia Thomas Tom Uma Vera
Wei Yuki Zo{\"e}
""".split()  # noqa: SIM905  as above
HOUSES = (
    ("Institute for Invented Health and Care Results", "IIHR"),
    ("World Organization for Benchmark Medicine", "WOBM"),
    ("Administration of Imaginary Mental Health Services", "AIMHS"),
    ("Monitoring Centre for Fictional Drugs and Addiction", "MCFDA"),
)
JOURNALS = (
    "Journal of Invented Affective Disorders",
    "Imaginary Journal of Psychiatry",
    "Benchmark Psychopharmacology",
    "Invented Biological Psychiatry",
    "Imaginary Journal of Pain",
    "Drug and Alcohol Benchmarks",
    "Psychoneuroinvention",
    "Neuroscience and Biobehavioral Benchmarks",
)
DESIGNS = (
    "A Randomized Controlled Trial",
    "A Cohort Study",
    "A Systematic Review and Meta-Analysis",
    "A Pilot Study",
    "Evidence from {PET} Imaging",
    "A {BOLD} {fMRI} Study",
    "Secondary Analysis of a Register",
    "A Protocol",
)
TOPICS = (
    "Social Pain",
    "Attachment",
    "Separation Distress",
    "Reward Learning",
    "Emotion Regulation",
    "{HPA} Axis Activity",
    "Pain Thresholds",
    "Sleep Quality",
    "Affective Instability",
    "Treatment Retention",
    "Dissociation",
    "Negative Mood",
)
AGENTS = (
    "Buprenorphine",
    "Endogenous Opioids",
    "$\\kappa$-Opioid Receptor Antagonists",
    "{OPRM1} Variation",
    "$\\beta$-Endorphin",
    "Naltrexone",
    "{NMDA} Receptor Blockade",
    "Oxytocin",
    "Methadone",
    "Placebo Analgesia",
)
GROUPS = (
    "Healthy Adults",
    "People with Depression",
    "People with Borderline Personality Disorder",
    "Adults in Opioid Treatment",
    "Trauma-Exposed Adolescents",
    "Outpatients",
)
SECTIONS = ("What was done", "What was found", "Mechanism", "What this does not show", "Later work")
SUBJECTS = (
    "the trial",
    "this cohort",
    "a later analysis",
    "the review",
    "the imaging study",
    "the smaller of the two studies",
    "an independent group",
    "the first report",
)
VERBS = (
    "reported",
    "did not find",
    "described",
    "replicated in part",
    "was too small to show",
    "could not rule out",
    "proposed",
)
OUTCOMES = (
    "lower ratings of distress after four weeks",
    "a change in receptor availability during sustained sadness",
    "an association between early adversity and pain tolerance",
    "a difference between the groups at follow-up",
    "an effect of the dose on mood in the evening",
    "a shift in attention towards faces that look angry",
    "fewer days of strong craving",
    "better sleep in the first week",
)
LIMITS = (
    "although half of the participants left before the end",
    "in a sample that was mostly female",
    "and no one who took part had a diagnosis of substance use disorder",
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
    #: The reference of each key as a person would type it, in the same order.
    typed: dict[str, str]


def site(variant: str, pages: int, layout: str = "pages") -> dict[str, str]:
    """Return the files of *variant* with as many *pages*, by their path below the source folder.

    In the *layout* ``pages`` each of them ends with its own references, in ``list`` one more page
    has them all. The stock extension always has one list, and mkdocs always has footnotes.
    """
    cited = references(pages * ENTRIES_PER_PAGE)
    names = [page_name(number) for number in range(pages)]
    files = {
        name: page(variant, number, names[(number + 1) % pages], cited)
        for number, name in enumerate(names)
    }
    if layout == "pages" and variant in {"typed", "ours"}:
        for number, name in enumerate(names):
            files[name] += own_references(variant, keys_of(number, cited), cited)
    elif layout == "list" or variant == "stock":
        files["references.md"] = "# References\n\n" + reference_list(variant, cited)
    files["index.md"] = index(variant, list(files))
    if variant != "typed":
        files["references.bib"] = cited.bibtex
    return files


def page_name(number: int) -> str:
    """Return the file of the page with this *number*, from 0."""
    return f"page-{number + 1:04}.md"


def page_title(number: int) -> str:
    """Return the title of the page with this *number*, from 0."""
    return f"Paper {number + 1}"


def edited(files: dict[str, str]) -> tuple[str, str]:
    """Return path and new text of the file among *files* where the title of a reference stands."""
    path = next(name for name, text in files.items() if OLD_TITLE in text)
    return path, files[path].replace(OLD_TITLE, NEW_TITLE)


def touched(files: dict[str, str]) -> tuple[str, str]:
    """Return path and new text of the first page, with a word more at its end."""
    return page_name(0), files[page_name(0)].rstrip() + " Afterword.\n"


@cache
def references(number: int) -> References:
    """Return as many references, typed by the project's own style."""
    entries = bibliography(number)
    bibtex = "\n".join(entries.values())
    database = parse_string(bibtex, "bibtex").entries
    labelled = labels(database.values())
    markdown = Backend()
    cited = {key: cited_in(serial) for serial, key in enumerate(entries)}
    typed = {
        entry.key: f"**{labelled[entry.key]}** {reference(entry).render(markdown)} {cited[entry.key]}"
        for entry in sorted(database.values(), key=sort_key)
    }
    return References(bibtex, list(entries), labelled, typed)


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
        make = rng.choices((article, report, web_page), weights=(80, 12, 8))[0]
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


def report(rng: random.Random, serial: int, _authors: list[str]) -> tuple[str, dict[str, str]]:
    """Return type and fields of a report whose author is an institution."""
    house, short = rng.choice(HOUSES)
    return "techreport", {
        "author": f"{{{house}}}",
        "shortauthor": short,
        "institution": house,
        "number": str(rng.randint(1, 400)),
        **address(rng, serial),
    }


def web_page(rng: random.Random, serial: int, authors: list[str]) -> tuple[str, dict[str, str]]:
    """Return type and fields of a page on the web."""
    return "misc", {
        "author": " and ".join(authors),
        "howpublished": "Web page",
        "note": "Updated often",
        **address(rng, serial),
    }


def address(rng: random.Random, serial: int) -> dict[str, str]:
    """Return where something stands on the web, and the day on which it was read."""
    return {
        "url": f"https://example.org/{serial}/?lang=en",
        "urldate": f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
    }


def page(variant: str, number: int, following: str, cited: References) -> str:
    """Return the page with this *number*, from 0: some 400 words that cite ten references."""
    rng = random.Random(SEED + number)  # noqa: S311  as above
    keys = keys_of(number, cited)
    cite = CITATIONS[variant]
    onward = f"The next page is [about another paper]({following})."
    paragraphs = [f"# {page_title(number)}", f"{prose(rng, 2)} {onward}"]
    for position, heading in enumerate(SECTIONS):
        first, second = keys[position * 2 : position * 2 + 2]
        paragraphs += [f"## {heading}", f"{prose(rng, 1)} {sentence(rng, cite([first], cited))}"]
        if heading == SECTIONS[-1]:
            both = sorted([first, second], key=list(cited.labels).index)
            paragraphs[-1] = f"{prose(rng, 1)} {sentence(rng, cite(both, cited))}"
        else:
            paragraphs.append(
                f"- **Design.** {sentence(rng, cite([second], cited))}\n"
                f"- **Size.** *{rng.randint(8, 400)}* people took part."
            )
        paragraphs.append(prose(rng, 1))
    return "\n\n".join(paragraphs) + "\n"


def keys_of(number: int, cited: References) -> list[str]:
    """Return the keys that the page with this *number*, from 0, cites."""
    return cited.keys[number * ENTRIES_PER_PAGE :][:ENTRIES_PER_PAGE]


def prose(rng: random.Random, sentences: int) -> str:
    """Return as many sentences that cite nothing."""
    return " ".join(sentence(rng, "") for _ in range(sentences))


def sentence(rng: random.Random, citation: str) -> str:
    """Return a sentence that ends with *citation*."""
    words = (rng.choice(part) for part in (SUBJECTS, VERBS, OUTCOMES))
    text = f"{' '.join(words)}, {rng.choice(LIMITS)}"
    return f"{text[0].upper()}{text[1:]}{citation and ' '}{citation}."


def typed_citation(keys: list[str], cited: References) -> str:
    """Return links to the labels of *keys*, in parentheses, as a person would type them."""
    return "(" + "; ".join(f"{{ref}}`{cited.labels[key]} <ref-{key}>`" for key in keys) + ")"


def role(keys: list[str], _cited: References) -> str:
    """Return the role that cites *keys*."""
    return f"{{cite:p}}`{','.join(keys)}`"


def pandoc_citation(keys: list[str], _cited: References) -> str:
    """Return a citation of *keys* as mkdocs-bibtex reads it."""
    return "[" + "; ".join(f"@{key}" for key in keys) + "]"


#: How each variant cites.
CITATIONS: dict[str, Callable[[list[str], References], str]] = {
    "typed": typed_citation,
    "ours": role,
    "stock": role,
    "mkdocs": pandoc_citation,
}


def own_references(variant: str, keys: list[str], cited: References) -> str:
    """Return the references with these *keys*, one after the other."""
    if variant == "typed":
        blocks = [f"(ref-{key})=\n{cited.typed[key]}\n" for key in keys]
    else:
        blocks = [f"```{{reference}} {key}\n```\n" for key in keys]
    return "\n" + "\n".join(["## References\n", *blocks])


def reference_list(variant: str, cited: References) -> str:
    """Return the list of all references."""
    if variant == "typed":
        return "\n".join(f"- (ref-{key})=\n  {text}\n" for key, text in cited.typed.items())
    return "\\full_bibliography\n" if variant == "mkdocs" else "```{bibliography}\n```\n"


def index(variant: str, names: list[str]) -> str:
    """Return the start page, which lists all others."""
    if variant == "mkdocs":
        tree = "\n".join(f"- [{name.removesuffix('.md')}]({name})" for name in names)
    else:
        tree = "\n".join(["```{toctree}", ":maxdepth: 1", *names, "```"])
    return f"# A site of {len(names)} pages\n\n{tree}\n"
