/* The table of all papers: sort by any column, filter by medicine, comparison and more.
   Without this script the table is complete; nothing is requested. */
(() => {
  const table = document.querySelector("table.evidence-table");
  if (!table || !table.tHead) return;
  const headings = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const text = (row, column) => row.cells[column].textContent.trim();
  const original = [...body.rows];
  const groups = original.filter((row) => row.classList.contains("group"));
  const rows = original.filter((row) => !row.classList.contains("group"));
  const themes = new Map();
  let theme = "";
  for (const row of original) {
    if (groups.includes(row)) theme = text(row, 0);
    else themes.set(row, theme);
  }
  const element = (name, properties = {}) => Object.assign(document.createElement(name), properties);

  const controls = element("div", { className: "evidence-controls" });
  const status = element("p", { role: "status" });
  const filters = ["Medicine", "Compared with", "Direction", "Design", "Condition", "Overlap", "Theme"].map((name) => {
    const column = headings.findIndex((heading) => heading.textContent.trim() === name);
    const valuesOf = (row) => (column < 0 ? [themes.get(row)] : text(row, column).split("; "))
      .map((value) => value.charAt(0).toUpperCase() + value.slice(1));
    const values = rows.flatMap(valuesOf);
    const select = element("select");
    select.append(new Option("All", ""), ...[...new Set(values)].sort().map((value) => new Option(value)));
    const label = element("label", { textContent: `${name} ` });
    label.append(select);
    controls.append(label);
    return { valuesOf, select };
  });
  const reset = element("button", { type: "button", textContent: "Show all papers" });
  controls.append(reset);

  const show = () => {
    for (const row of rows) {
      row.hidden = !filters.every(({ valuesOf, select }) =>
        !select.value || valuesOf(row).includes(select.value));
    }
    // A heading without rows below it, or above rows that are sorted, says nothing.
    for (const group of groups) {
      group.hidden = Boolean(table.querySelector("[aria-sort]"))
        || !rows.some((row) => !row.hidden && themes.get(row) === text(group, 0));
    }
    status.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} papers are shown.`;
  };
  controls.addEventListener("change", show);
  reset.addEventListener("click", () => {
    for (const { select } of filters) select.value = "";
    for (const heading of headings) heading.removeAttribute("aria-sort");
    body.append(...original);
    show();
  });

  for (const [column, heading] of headings.entries()) {
    const button = element("button", { type: "button" });
    button.append(...heading.firstElementChild.childNodes);
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const descending = heading.getAttribute("aria-sort") === "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const compare = (a, b) => text(a, column).localeCompare(text(b, column), "en", { numeric: true });
      rows.sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
      body.append(...rows);
      show();
      status.textContent += ` Sorted by ${button.textContent}, ${descending ? "descending" : "ascending"}.`;
    });
  }
  const frame = table.closest(".table-wrapper") || table;
  frame.before(controls, status);
  show();
})();
