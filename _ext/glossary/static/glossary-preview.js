/* Show what a word means beside its link to the glossary: on hover, on focus and at the first tap.
   The meaning is the entry that the link leads to, with its warnings; the glossary is fetched once
   for each view of a page. Where that fails, as from a file, the link is an ordinary link. */
{
  const box = document.createElement("div");
  box.id = box.className = "glossary-preview";
  box.setAttribute("role", "tooltip");
  let glossary; // the page of the glossary, on its way
  let shown; // the link whose meaning is shown
  let wanted; // the link whose meaning is to be shown
  let tapped; // the link below a finger, unless its meaning was shown before
  let leaving; // the pointer has a moment to get from the link to the box

  const meaning = async link => {
    glossary ??= fetch(link.href)
      .then(answer => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .then(html => new DOMParser().parseFromString(html, "text/html"))
      .catch(error => { glossary = undefined; throw error; }); // the next time tries again
    let entry = (await glossary).getElementById(decodeURIComponent(link.hash.slice(1)));
    while (entry.localName === "dt") entry = entry.nextElementSibling; // other terms of the same entry
    return entry.textContent.trim();
  };

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
    const text = await meaning(link);
    if (link !== wanted) return; // the reader has gone on
    shown = link;
    box.textContent = text;
    document.body.append(box);
    link.setAttribute("aria-describedby", box.id);
    place();
  };

  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => document.activeElement === shown || hide(), 300);
  };

  for (const { parentElement: link } of document.querySelectorAll("a > .std-term")) {
    const preview = () => show(link).catch(hide);
    link.addEventListener("pointerenter", event => event.pointerType === "mouse" && preview());
    link.addEventListener("pointerleave", event => event.pointerType === "mouse" && leave());
    link.addEventListener("focus", preview);
    link.addEventListener("blur", () => box.matches(":hover") || hide());
    link.addEventListener("pointerdown", event => { tapped = event.pointerType !== "mouse" && shown !== link && link; });
    link.addEventListener("click", event => {
      if (link !== tapped) return;
      tapped = undefined;
      event.preventDefault();
      show(link).catch(() => location.assign(link.href));
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
