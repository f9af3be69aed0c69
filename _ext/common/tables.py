"""Tables and lists of fields, made of docutils nodes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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


def field_list(fields: Mapping[str, nodes.Element], *classes: str) -> nodes.field_list:
    """Return a list of *fields*, blocks by their names."""
    found = nodes.field_list(classes=[*classes])
    for name, block in fields.items():
        found += nodes.field("", nodes.field_name("", name), nodes.field_body("", block))
    return found


def columns_of(table: nodes.tgroup) -> list[nodes.colspec]:
    """Return the columns of *table*."""
    return [child for child in table if isinstance(child, nodes.colspec)]


def longest_in_columns(table: nodes.tgroup, longest: Callable[[nodes.entry], int]) -> list[int]:
    """Return the greatest *longest* of the cells of each column of *table*; a cell of several is left out."""
    found = [0] * len(columns_of(table))
    for row in table.findall(nodes.row):
        for place, cell in cells_of(row):
            if not cell.get("morecols") and place < len(found):
                found[place] = max(found[place], longest(cell))
    return found


def cells_of(row: nodes.row) -> Iterator[tuple[int, nodes.entry]]:
    """Yield the number of the column, from 0, in which each cell of *row* begins, and the cell."""
    place = 0
    for cell in row.children:
        if isinstance(cell, nodes.entry):
            yield place, cell
            place += 1 + cell.get("morecols", 0)


def share_out(room: float, shares: Sequence[float], least: Sequence[float]) -> list[float]:
    """Return the widths of columns with these *shares* of *room*, and *least* widths.

    What a column lacks is taken from the others, by what they can spare; where nobody can, the sum is
    more than *room*.
    """
    wanted = [room * share / sum(shares) for share in shares]
    both = list(zip(least, wanted, strict=True))
    lacking = sum(max(0, low - share) for low, share in both)
    spare = sum(max(0, share - low) for low, share in both)
    taken = min(1, lacking / spare) if spare else 0
    return [max(low, share - taken * (share - low)) for low, share in both]
