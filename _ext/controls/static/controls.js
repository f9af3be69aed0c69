/* What the theme leaves to a mouse: its two drawers, the way past the notice, and tables that scroll. */
{
  const named = (name, properties) => Object.assign(document.createElement(name), properties);

  /* Furo opens a drawer with a label of a hidden checkbox; here a button sets the same checkbox. */
  for (const state of document.querySelectorAll("input.sidebar-toggle")) {
    const drawer = document.querySelector(state.id === "__toc" ? ".toc-drawer" : ".sidebar-drawer");
    let opener;
    const buttons = [...document.querySelectorAll(`label[for="${state.id}"]:not(.overlay)`)].map(label => {
      const button = named("button", { type: "button", className: label.className, ariaLabel: drawer.ariaLabel });
      button.setAttribute("aria-controls", drawer.id);
      button.append(...label.childNodes);
      button.addEventListener("click", () => set(!state.checked, opener = button));
      label.replaceWith(button);
      return button;
    });
    const close = named("button", { type: "button", className: "drawer-close", textContent: "Close" });
    close.addEventListener("click", () => set(false, opener));
    drawer.prepend(close);

    const set = (open, focused) => {
      state.checked = open;
      for (const button of buttons) button.ariaExpanded = open;
      (open ? close : focused)?.focus();
    };
    set(false); // a browser may remember the checkbox
    state.addEventListener("change", () => set(state.checked, opener)); // the shade beside the drawer
    addEventListener("keydown", event => event.key === "Escape" && state.checked && set(false, opener));
    drawer.addEventListener("click", event => event.target.closest("a") && set(false));
    drawer.addEventListener("focusout", ({ relatedTarget: next }) => next && !drawer.contains(next) && set(false));
  }

  /* The first link skips what is around the text; the second also the notice, which opens each text. */
  const skip = document.querySelector(".skip-to-content");
  const text = document.querySelector(".medication-safety")?.nextElementSibling;
  if (skip && text) {
    text.id ||= "after-the-notice";
    skip.after(named("a", { className: skip.className, href: `#${text.id}`, textContent: "Skip to the text after the warning" }));
  }

  /* The link that appears when one scrolls up belongs to the text, so that it is in a landmark. */
  const top = document.querySelector(".back-to-top");
  if (top) document.querySelector("[role=main]").prepend(top);

  /* A table that is wider than its place scrolls with the keyboard, too, and says so. */
  for (const frame of document.querySelectorAll(".table-wrapper")) {
    if (frame.scrollWidth <= frame.clientWidth) continue;
    const title = frame.querySelector("caption") || frame.closest("section").querySelector("h1, h2, h3, h4");
    Object.assign(frame, { tabIndex: 0, role: "region", ariaLabel: title.textContent.replace("¶", "").trim() });
    frame.before(named("p", { className: "table-hint", textContent: "This table is wider than the screen: scroll it sideways." }));
  }

  /* A strict policy, or a browser without storage, stops the line in which the theme reads the choice of colours. */
  if (!document.body.dataset.theme) {
    let chosen;
    try { chosen = localStorage.getItem("theme"); } catch { /* no storage, no choice */ }
    document.body.dataset.theme = chosen || "auto";
  }
}
