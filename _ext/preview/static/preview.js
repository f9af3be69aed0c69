/* Show what a link means beside it: on hover, on focus and at the first tap.
   The page holds the texts by the anchors that its links lead to, so nothing is fetched.
   They are shown as text, never as HTML. */
{
  const data = document.getElementById("preview-texts");
  const texts = new Map(Object.entries(JSON.parse(data?.textContent ?? "{}")));
  const box = document.createElement("div");
  box.id = box.className = "preview";
  box.setAttribute("role", "tooltip");
  let shown; // the link whose text is shown
  let tapped; // the link below a finger, unless its text was shown before
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
    shown = undefined;
    box.remove();
  };

  const show = (link, text) => {
    clearTimeout(leaving);
    if (link === shown) return;
    hide();
    shown = link;
    box.textContent = text;
    data.parentElement.append(box); // in the main part of the page, where readers look for it
    link.setAttribute("aria-describedby", box.id);
    place();
  };

  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => document.activeElement === shown || hide(), 300);
  };

  for (const link of document.querySelectorAll("a.reference.internal")) {
    const text = texts.get(link.hash.slice(1));
    if (!text) continue;
    const preview = () => show(link, text);
    link.addEventListener("pointerenter", event => event.pointerType === "mouse" && preview());
    link.addEventListener("pointerleave", event => event.pointerType === "mouse" && leave());
    link.addEventListener("focus", preview);
    link.addEventListener("blur", () => box.matches(":hover") || hide());
    link.addEventListener("pointerdown", event => { tapped = event.pointerType !== "mouse" && shown !== link && link; });
    link.addEventListener("click", event => {
      if (link !== tapped) return;
      tapped = undefined;
      event.preventDefault();
      preview();
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
