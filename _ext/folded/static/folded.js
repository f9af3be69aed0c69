/* Parts that open. Without this script each still opens with a tap, and for a link into it. */
(() => {
  const parts = [...document.querySelectorAll("article details")];
  if (!parts.length) return;
  // A link to a part, or to the section that begins with it, opens it.
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const section = target.matches("section") ? target : target.closest("section > span")?.parentElement;
    const found = [target.closest("details"), section?.querySelector(":scope > details")].filter(Boolean);
    for (const part of found) part.open = true;
    if (found.length) target.scrollIntoView({ behavior: "instant" });
  };
  addEventListener("hashchange", open);

  // All at once, where there are many.
  const many = parts.filter((part) => part.matches(".study-details"));
  if (many.length > 1) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "open-all" });
    const everything = () => many.every((part) => part.open);
    const name = () => { button.textContent = everything() ? "Close all papers" : "Open all papers"; };
    button.addEventListener("click", () => {
      const close = everything();
      for (const part of many) part.open = !close;
    });
    for (const part of many) part.addEventListener("toggle", name);
    name();
    many[0].closest("section").parentElement.before(button);
  }

  // What stands above has its place by now; a browser that goes to the link itself may do so only at the end.
  open();
  addEventListener("load", open);

  // Paper shows everything, and the page is as it was afterwards.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = parts.filter((part) => !part.open);
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of closed) part.open = false; });
})();
