"""Link the first use of each term of the glossary on each page to its entry, and say what it means.

The terms are those of Sphinx's own directive ``glossary`` and the links those of its role ``term``;
one written by hand counts as a use. Terms that share a definition count as one, and links lead to
the first of them. Linked are HTML, EPUB and LaTeX: other formats print something beside each link.
Nothing here knows this site: it could be offered to Sphinx.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION, PageStore

FORMATS = ("html", "latex")
#: What is no running text: headings and labels, what is a link already, code, and what is not shown.
NO_TEXT = (
    *(nodes.Titular, nodes.caption, nodes.term, nodes.thead, nodes.reference, nodes.footnote),
    *(addnodes.pending_xref, nodes.citation, nodes.title_reference, nodes.literal, nodes.math),
    *(nodes.FixedTextElement, nodes.Invisible),
)
#: The same by class: what opens every page stays calm, a reference quotes, a mark comes late.
NO_TEXT_CLASSES = {"medication-safety", "reference", "retraction"}


class Term(NamedTuple):
    """A spelling of a term, and what it leads to."""

    form: str  #: The spelling.
    head: str  #: The first term of the entry.
    docname: str  #: The page of the entry.
    anchor: str


class GlossaryDomain(PageStore):
    """The entries of the glossary, and the words of each page."""

    name = "glossary_links"
    by_page = ("entries", "words")
    #: The entries of each page: their terms, which share a definition, and that.
    entries: dict[str, list[tuple[list[str], str]]]
    #: The words of each page, in lower case; None where a place is filled when it is written.
    words: dict[str, set[str] | None]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        self.entries[docname] = [
            ([term.astext() for term in item.findall(nodes.term)], meaning(item))
            for glossary in document.findall(addnodes.glossary)
            for item in glossary.findall(nodes.definition_list_item)
        ]
        text = " ".join(text for _, _, text in running_text(document, docname))
        self.words[docname] = None if has_places(document) else words(text)

    @cached_property
    def terms(self) -> dict[str, Term]:
        """Return every spelling by its `key`, once all pages have been read."""
        objects = self.env.domains.standard_domain.objects
        entries = [entry for _, found in sorted(self.entries.items()) for entry in found]
        return {
            key(form): Term(form, entry[0], *objects["term", entry[0]])
            for spell in (plural, str)  # what is a term itself wins over a plural
            for entry, _ in entries
            if ("term", entry[0]) in objects  # not so when two pages had it and one lost it
            for form in map(spell, entry)
        }


class LinkFirstUses(SphinxPostTransform):
    """Make the first use of each term on each page a cross-reference."""

    # After the references are printed (6), before MyST-Parser (9) and Sphinx (10) resolve links.
    default_priority = 8
    formats = FORMATS

    def run(self, **_kwargs: object) -> None:
        terms = GlossaryDomain.of(self.env).terms
        pattern = re.compile(expression(term.form for term in terms.values()))
        used: defaultdict[str, set[str]] = defaultdict(set)
        for docname, node, text in list(running_text(self.document, self.env.docname)):
            if not isinstance(node, nodes.Text):
                if by_hand := terms.get(key(text)):
                    used[docname].add(by_hand.head)
                continue
            parts: list[nodes.Node] = []
            end = 0
            for found in pattern.finditer(text):
                term = terms.get(key(found[0]))
                if term and term.docname != docname and term.head not in used[docname]:
                    used[docname].add(term.head)
                    parts += [nodes.Text(text[end : found.start()]), link(found[0], term, docname)]
                    end = found.end()
            if parts:
                node.parent.replace(node, [*parts, nodes.Text(text[end:])])


class TermsInInfo(SphinxPostTransform):
    """Let the first of several terms have the anchors and index entries of all.

    Sphinx writes those of the others between ``@item`` and ``@itemx``, where Texinfo allows none.
    """

    default_priority = 8
    formats = ("texinfo",)

    def run(self, **_kwargs: object) -> None:
        for item in self.document.findall(nodes.definition_list_item):
            terms = [child for child in item if isinstance(child, nodes.term)]
            for term in terms[1:]:
                terms[0]["ids"] += term["ids"]
                term["ids"] = []
                for entry in list(term.findall(addnodes.index)):
                    term.remove(entry)
                    terms[0] += entry


def running_text(node: nodes.Element, docname: str) -> Iterator[tuple[str, nodes.Node, str]]:
    """Yield each text in *node* that may be linked, and each link to a term, with its page."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield docname, child, child.astext()
        elif isinstance(child, addnodes.pending_xref) and child["reftype"] == "term":
            yield docname, child, child["reftarget"]
        elif isinstance(child, addnodes.start_of_file):
            yield from running_text(child, child["docname"])
        elif (
            isinstance(child, nodes.Element)
            and not isinstance(child, NO_TEXT)
            and NO_TEXT_CLASSES.isdisjoint(child["classes"])
            and not heads_a_row(child)
        ):
            yield from running_text(child, docname)


def has_places(document: nodes.document) -> bool:
    """Return whether other extensions fill in places of *document* when it is written."""
    known = {nodes.__name__, addnodes.__name__}
    return any(
        type(node).__module__ not in known and NO_TEXT_CLASSES.isdisjoint(node["classes"])
        for node in document.findall(nodes.Element)
    )


def heads_a_row(node: nodes.Element) -> bool:
    """Return whether *node* is a cell that names the row of its table."""
    if not isinstance(node, nodes.entry):
        return False
    row = node.parent
    columns = list(row.parent.parent.findall(nodes.colspec))
    return bool(columns[row.index(node)].get("stub"))


def link(shown: str, term: Term, docname: str) -> addnodes.pending_xref:
    """Return what the role ``term`` returns when it stands on *docname*."""
    inline = nodes.inline(shown, shown, classes=["xref", "std", "std-term"])
    where = {"refdomain": "std", "reftype": "term", "reftarget": term.head, "refdoc": docname}
    return addnodes.pending_xref("", inline, refexplicit=True, refwarn=True, **where)


def meaning(item: nodes.definition_list_item) -> str:
    """Return the definition in *item* on one line for each of its paragraphs."""
    parts = (child for part in item.findall(nodes.definition) for child in part.children)
    return "\n".join(" ".join(part.astext().split()) for part in parts)


def words(text: str) -> set[str]:
    """Return the words of *text* in lower case."""
    return set(re.findall(r"\w+", text.lower()))


def key(form: str) -> str:
    """Return what is the same for each way to write *form*: Open label, open-label; both micro signs."""
    return re.sub(r"[\s-]+", " ", unicodedata.normalize("NFKC", form)).casefold()


def plural(form: str) -> str:
    """Return the plural of *form*: tablets, studies, meta-analyses."""
    return re.sub(r"is$", "e", re.sub(r"(?<![aeiou])y$", "ie", form)) + "s"


def expression(forms: Iterable[str]) -> str:
    """Return a regular expression that finds *forms* as whole words, the longest first.

    Letter case counts where a form has a capital: PET is a scan, and a pet is not.
    """
    found = []
    for form in sorted(forms, key=len, reverse=True):
        escaped = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", form)))
        found.append(f"(?i:{escaped})" if form == form.lower() else escaped)
    return rf"(?<![\w-])(?:{'|'.join(found) or '(?!)'})(?![\w-])"


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return the spellings whose words stand on *docname*, or may stand there, with what they lead to."""
    if app.builder.format not in FORMATS:
        return ""
    domain = GlossaryDomain.of(env)
    here, terms = domain.words[docname], sorted(domain.terms.items())
    return repr([term for form, term in terms if here is None or here >= words(form)])


def what_links_mean(app: Sphinx, env: BuildEnvironment) -> dict[str, list[str]]:
    """Return what the terms mean, by their anchors."""
    objects = env.domains.standard_domain.objects
    return {
        objects["term", form][1]: [text]
        for _, found in sorted(GlossaryDomain.of(env).entries.items())
        for entry, text in found
        for form in entry
        if ("term", form) in objects
    }


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("incremental")
    app.setup_extension("preview")
    app.add_domain(GlossaryDomain)
    app.add_post_transform(LinkFirstUses)
    app.add_post_transform(TermsInInfo)
    app.connect("page-fingerprint", what_a_page_shows)
    app.connect("preview-texts", what_links_mean)
    return EXTENSION | {"env_version": 2}
