"""Tables made of docutils nodes."""

from collections.abc import Iterable, Mapping, Sequence

from docutils import nodes

#: A cell of a table: words, nodes, or None where the cell before it reaches.
Cell = str | list[nodes.Node] | None


def table_of(
    columns: Mapping[str, int], rows: Iterable[Sequence[Cell]], classes: Sequence[str]
) -> nodes.table:
    """Return a table with the headings and widths of *columns*; the first cell of a row names it.

    Widths are shares, of which only the proportions count. Without words there is no heading row.
    A row of one cell is a heading of the rows below it.
    """
    group = nodes.tgroup(cols=len(columns))
    specs = [nodes.colspec(colwidth=width) for width in columns.values()]
    specs[0]["stub"] = 1
    group += specs
    if any(heading.strip() for heading in columns):
        group += nodes.thead("", table_row(list(columns)))
    body = [table_row(row) for row in rows]
    for row in body:
        if len(row) == 1:
            row["classes"].append("group")
            for entry in row.findall(nodes.entry):
                entry["morecols"] = len(columns) - 1
    group += nodes.tbody("", *body)
    return nodes.table("", group, classes=[*classes, "colwidths-given"])


def table_row(cells: Sequence[Cell]) -> nodes.row:
    """Return a row of *cells*."""
    entries: list[nodes.entry] = []
    for cell in cells:
        if cell is None:
            entries[-1]["morecols"] = entries[-1].get("morecols", 0) + 1
        else:
            content = [nodes.Text(cell)] if isinstance(cell, str) else cell
            entries.append(nodes.entry("", nodes.paragraph("", "", *content)))
    return nodes.row("", *entries)
