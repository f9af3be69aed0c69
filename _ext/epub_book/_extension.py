"""The builder ``epub`` of Sphinx, with a complete book at its end, and the settings of accessibility."""

from dataclasses import asdict, dataclass, field
from pathlib import PurePath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from common.settings import add_settings, read_settings
from common.store import EXTENSION
from common.tables import cells_of, columns_of
from epub_book.package import MIMETYPE, complete_contents, complete_package, pack

PREFIX = "epub"
#: From as many columns on a table is too wide for a phone.
MANY = 3


@dataclass(frozen=True)
class Access:
    """What the book says of its accessibility; by default nothing.

    The words of the lists are those of https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary/.
    """

    access_mode: list[str] = field(default_factory=list)
    access_mode_sufficient: list[str] = field(default_factory=list)
    accessibility_feature: list[str] = field(default_factory=list)
    accessibility_hazard: list[str] = field(default_factory=list)
    accessibility_summary: str = ""

    def properties(self) -> dict[str, list[str]]:
        """Return the values by the names of schema.org: those of ``access_mode`` as ``schema:accessMode``."""
        found = {}
        for name, value in asdict(self).items():
            first, *rest = name.split("_")
            values = [value] if isinstance(value, str) else value
            found[f"schema:{first}{''.join(map(str.capitalize, rest))}"] = [*filter(None, values)]
        return found


class NameCells(SphinxPostTransform):
    """Write the name of its column into each cell of a wide table: a style sheet can then stack the cells.

    The table gets the class ``stacks``, and each name the class ``column``.
    """

    default_priority = 500  # when all tables are there
    builders = (PREFIX,)

    def run(self, **_kwargs: object) -> None:
        for table in self.document.findall(nodes.table):
            columns = columns_of(next(table.findall(nodes.tgroup)))
            rows = [row for row in table.findall(nodes.row) if row.parent.parent.parent is table]
            heads = [row for row in rows if isinstance(row.parent, nodes.thead)]
            cells = [(row, *place) for row in rows for place in cells_of(row)]
            several = any(
                "morerows" in cell or ("morecols" in cell and row in heads)
                for row, _, cell in cells
            )
            if len(heads) != 1 or len(columns) < MANY or several:
                continue
            table["classes"].append("stacks")
            for row, place, cell in cells:
                words, alone = cell.next_node(), "morecols" not in cell and row not in heads
                if alone and isinstance(words, nodes.paragraph) and not columns[place].get("stub"):
                    name = f"{heads[0][place].astext()}: "
                    words.insert(0, nodes.inline("", name, classes=["column"]))


class BookBuilder(Epub3Builder):
    """Sphinx's builder, which lists the files, describes the book, and then packs it."""

    def build_content(self) -> None:
        """Draw the cover, whose template has the name of the picture, before the files are listed."""
        if self.config.epub_cover:
            page, picture = PurePath(self.coverpage_name).stem, self.config.epub_cover[0]
            self.handle_page(page, {}, picture, outfilename=self.outdir / picture)
        super().build_content()

    def build_epub(self) -> None:
        """Complete what describes the book, and pack it."""
        root = self.config.root_doc
        landmarks = [("bodymatter", root + self.out_suffix, self.env.titles[root].astext())]
        if self.config.epub_cover:
            landmarks.insert(0, ("cover", self.coverpage_name, self.guide_titles["cover"]))
        access = read_settings(Access, PREFIX, self.config)
        package, contents = self.outdir / "content.opf", self.outdir / "nav.xhtml"
        package.write_bytes(complete_package(package.read_bytes(), access.properties()))
        contents.write_bytes(complete_contents(contents.read_bytes(), landmarks))
        names = [MIMETYPE, "META-INF/container.xml", package.name, "toc.ncx", *self.files]
        pack(self.outdir, names, self.outdir / f"{self.config.epub_basename}.epub")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_builder(BookBuilder, override=True)
    app.add_post_transform(NameCells)
    add_settings(app, Access, PREFIX)
    return EXTENSION
