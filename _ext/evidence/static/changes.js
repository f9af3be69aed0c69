/* What changed since a reader last read: the data of that day are kept in this browser, when asked, and compared.
   The data of today are a script beside this one, so it works from a folder, too. All of it is shown as text. */
{
  const source = new URL("evidence-data.js", document.currentScript.src);
  const place = `evidence-read:${new URL("..", source).pathname}`;
  const element = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text, ...more });
  const plain = value => typeof value === "object" && value !== null && !Array.isArray(value);
  const sorted = value => Array.isArray(value) ? value.map(sorted) : plain(value)
    ? { names: Object.keys(value).sort().map(name => [name, sorted(value[name])]) } : value; // {} is not []

  // A value in words; of an object the names belong to it.
  const words = value => Array.isArray(value) ? value.map(words).join("; ")
    : plain(value) ? Object.entries(value).map(([name, part]) => `${name}: ${words(part)}`).join(", ")
      : String(value);
  // The fields of a paper: what each is, to compare, its name and its words; null is the reason for it.
  const fields = paper => {
    const why = new Map(Object.entries(paper.unknown ?? {}));
    const { key: _key, unknown: _unknown, address: _address, prose, ...others } = paper;
    const field = (id, name, value, reason) => [id, {
      same: JSON.stringify([sorted(value), value === null ? reason : 0]),
      name,
      words: value === null ? reason ?? "" : words(value),
    }];
    return new Map([
      ...Object.entries(others).map(([name, value]) => field(name, name.replaceAll("_", " "), value, why.get(name))),
      ...Object.entries(prose ?? {}).map(([term, text]) => field(`prose: ${term}`, term, text)),
    ]);
  };
  const byKey = data => new Map(data.papers.map(paper => [paper.key, paper]));
  const difference = (before, after) => {
    const [then, now] = [byKey(before), byKey(after)];
    const found = [];
    for (const key of new Set([...now.keys(), ...then.keys()])) {
      const [old, current] = [then.get(key), now.get(key)];
      const { label } = current ?? old;
      if (!old || !current) {
        found.push({ key, label, what: current ? "added" : "removed", fields: [] });
        continue;
      }
      const [left, right] = [fields(old), fields(current)];
      const changed = [...new Set([...right.keys(), ...left.keys()])]
        .map(id => [left.get(id), right.get(id)])
        .filter(([one, two]) => one?.same !== two?.same)
        .map(([one, two]) => ({ name: (two ?? one).name, before: one?.words ?? "", after: two?.words ?? "" }));
      if (changed.length) found.push({ key, label, what: "changed", fields: changed });
    }
    return found;
  };
  globalThis.evidenceDifference = difference; // for tests

  // Some browsers keep nothing, and say so by an error.
  const kept = () => {
    try {
      const data = JSON.parse(localStorage.getItem(place));
      return Array.isArray(data?.papers) && data.papers.every(paper => typeof paper?.key === "string") ? data : null;
    } catch { return null; }
  };
  const load = () => new Promise((done, failed) => {
    if (globalThis.evidenceData) { done(globalThis.evidenceData); return; }
    const script = element("script", "", { onload: () => done(globalThis.evidenceData), onerror: failed, src: source });
    document.head.append(script);
  });
  const day = date => new Date(date).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });

  const first = document.querySelector("ul.changes")?.previousElementSibling;
  let usable = false;
  try { usable = Boolean(first && localStorage); } catch { /* nothing is offered */ }
  if (usable) {
    const box = element("div", "", { className: "evidence-controls since" });
    const note = element("p", "Your browser can remember what you have read, so that this page names what has changed since. "
      + "It is kept in this browser only and sent nowhere. Who uses this browser after you can see it, too.");
    const status = element("p", "");
    const list = element("ul", "", { className: "since-list" });
    const remember = element("button", "Remember what I have read today", { type: "button" });
    const forget = element("button", "Forget", { type: "button" });
    status.setAttribute("role", "status");
    status.setAttribute("aria-live", "polite");

    const item = ({ key, label, what, fields: changed }, data) => {
      const line = element("li", "");
      const hash = byKey(data).get(key)?.address.split("#")[1];
      const link = [...document.querySelectorAll("ul.changes a")].find(one => hash && one.hash === `#${hash}`);
      line.append(link ? element("a", label, { href: link.href, className: "reference internal" }) : label,
        { added: " was added.", removed: " is no longer here.", changed: ":" }[what]);
      const parts = element("dl", "");
      for (const { name, before, after } of changed) {
        parts.append(element("dt", name), element("dd", `Before: ${before || "nothing"}`), element("dd", `Now: ${after || "nothing"}`));
      }
      if (changed.length) line.append(parts);
      return line;
    };
    const show = async () => {
      const old = kept();
      forget.hidden = !old;
      list.replaceChildren();
      if (!old) { status.textContent = "Nothing is remembered."; return; }
      let data;
      try { data = await load(); } catch { status.textContent = "The data did not come; try again later."; return; }
      const since = `what you read on ${day(old.read)} (version ${old.version}, data of ${day(old.date)})`;
      if (old.schema_version !== data.schema_version) {
        status.textContent = `The data have another form since ${since}; remember them again.`;
        return;
      }
      const found = difference(old, data);
      const number = found.length === 1 ? "One paper" : `${found.length || "No"} papers`;
      status.textContent = `${number} changed since ${since}.`;
      list.append(...found.map(change => item(change, data)));
    };
    remember.addEventListener("click", async () => {
      try {
        localStorage.setItem(place, JSON.stringify({ ...await load(), read: new Date().toISOString() }));
        await show();
        status.textContent = `Remembered. ${status.textContent}`;
      } catch { status.textContent = "Your browser did not keep it."; }
    });
    forget.addEventListener("click", () => {
      localStorage.removeItem(place);
      remember.focus();
      show();
      status.textContent = "Forgotten.";
    });
    box.append(note, remember, forget, status, list);
    first.before(box);
    show();
  }
}
