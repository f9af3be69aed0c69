/* Show what a link means beside it: on hover, on focus and at the first tap.
   The texts of all anchors are a script beside this one, loaded when they are first wanted, so it works
   from a folder, too. They are shown as text, never as HTML. Where they do not come, a link is a link. */
{
  const source = new URL("preview-texts.js", document.currentScript.src);
  let texts; // by anchors
  let loading;
  const load = () => loading ??= new Promise(done => {
    const script = document.createElement("script");
    script.onload = () => done(texts = new Map(Object.entries(globalThis.previewTexts)));
    script.onerror = () => { loading = undefined; done(); }; // the next link tries again
    script.src = source;
    document.head.append(script);
  });
  const box = document.createElement("div");
  box.id = box.className = "preview";
  box.setAttribute("role", "tooltip");
  let shown; // the link whose text is shown
  let wanted; // the link whose text was asked for last
  let tapped; // the link below a finger, unless its text was asked for before
  let leaving; // the pointer has a moment to get from the link to the box

  const place = () => {
    const link = shown.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const above = link.top - box.offsetHeight;
    const fits = link.bottom + box.offsetHeight <= clientHeight || above < 0;
    box.style.left = `${scrollX + Math.max(8, Math.min(link.left, clientWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${scrollY + (fits ? link.bottom : above)}px`;
  };

  const hide = () => {
    clearTimeout(leaving);
    shown?.removeAttribute("aria-describedby");
    shown = wanted = undefined;
    box.remove();
  };

  const show = async link => {
    clearTimeout(leaving);
    if (link === shown) return;
    hide();
    wanted = link;
    if (!texts) await load();
    const text = texts?.get(link.hash.slice(1));
    if (!text || link !== wanted) return; // the reader has gone on
    shown = link;
    box.textContent = text;
    (link.closest("[role=main]") ?? document.body).append(box); // where assistive technology looks for it
    link.setAttribute("aria-describedby", box.id);
    place();
  };

  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => document.activeElement === shown || hide(), 300);
  };

  for (const link of document.querySelectorAll(":is(article, [role=main]) a.reference.internal[href*='#']")) {
    const named = () => !texts || texts.has(link.hash.slice(1));
    link.addEventListener("pointerenter", event => event.pointerType === "mouse" && show(link));
    link.addEventListener("pointerleave", event => event.pointerType === "mouse" && leave());
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", () => box.matches(":hover") || hide());
    link.addEventListener("pointerdown", event => {
      tapped = event.pointerType !== "mouse" && wanted !== link && named() && link;
    });
    link.addEventListener("click", async event => {
      if (link !== tapped) return;
      tapped = undefined;
      event.preventDefault();
      await show(link);
      if (link !== shown && link === wanted) location.assign(link.href); // it has no text
    });
  }
  box.addEventListener("pointerenter", () => clearTimeout(leaving));
  box.addEventListener("pointerleave", leave);
  // Not every browser gives a tapped link the focus, whose loss would hide the box.
  addEventListener("pointerdown", event => event.target === box || shown?.contains(event.target) || hide());
  addEventListener("pointercancel", () => { tapped = undefined; });
  addEventListener("keydown", event => event.key === "Escape" && hide());
  addEventListener("resize", () => shown && place());
}
