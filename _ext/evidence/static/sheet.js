/* A sheet for an appointment: tick questions and papers, and print what is ticked.
   Without this script the sheet has empty boxes for a pen. Nothing is stored or sent. */
(() => {
  const lists = [...document.querySelectorAll("ul.sheet")];
  if (!lists.length) return;
  const element = (name, properties = {}) => Object.assign(document.createElement(name), properties);
  const boxes = new Map(lists.map((list) => [list, []]));
  for (const [list, found] of boxes) {
    for (const item of list.children) {
      const words = item.querySelector("p") || item;
      const box = element("input", { type: "checkbox", autocomplete: "off" });
      const label = element("label");
      words.firstChild.data = words.firstChild.data.replace(/^\u2610\s*/, "");
      label.append(box, ...words.childNodes);
      words.append(label);
      found.push(box);
    }
  }
  const ticked = (of) => [...boxes].filter(([list]) => of(list)).flatMap(([, found]) => found)
    .filter((box) => box.checked).length;
  const isPaper = (list) => list.closest(".sheet-papers") !== null;

  const bars = [];
  const bar = (after) => {
    const found = element("div", { className: "evidence-controls sheet-bar" });
    const print = element("button", { type: "button", textContent: "Print this sheet" });
    const clear = element("button", { type: "button", textContent: "Clear all ticks" });
    const status = element("p");
    print.addEventListener("click", () => window.print());
    clear.addEventListener("click", () => {
      for (const box of [...boxes.values()].flat()) box.checked = false;
      show();
    });
    found.append(print, clear, status);
    after.after(found);
    bars.push(status);
  };
  const show = () => {
    const papers = ticked(isPaper);
    const questions = ticked((list) => !isPaper(list));
    document.documentElement.classList.toggle("sheet-chosen", papers + questions > 0);
    for (const status of bars) {
      status.textContent = papers + questions === 0
        ? "Nothing is ticked: the whole page will be printed."
        : `Ticked: ${questions} of the questions, ${papers} of the papers. Only these will be printed`
          + (papers > 8 ? ", and they may need a second page." : ".");
    }
  };
  // Below the questions and below the papers: nobody has to look for the button.
  for (const place of new Set(lists.map((list) => list.closest(".sheet-papers") || list))) bar(place);
  bars[0].setAttribute("role", "status");
  addEventListener("change", show);
  addEventListener("pageshow", show); // a browser may bring ticks back
  show();
})();
