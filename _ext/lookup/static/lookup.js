/* Sphinx's search, made to find: by names, phrases of sections, with slips of spelling.
   Replaced: Search.query of searchtools.js. */
{
  try {
    localStorage.length;
  } catch {
    // Nothing is kept, and Search._parseQuery would stop.
    const value = new Proxy({}, { get: () => () => null });
    Object.defineProperty(window, "localStorage", { value });
  }
  // Pages in a folder cannot be quoted.
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY &&= location.protocol !== "file:";

  const unescaped = html => new DOMParser().parseFromString(html, "text/html").body.textContent;
  const folded = text => splitQuery(text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")).join(" ");
  const places = {}; // by address: [result, names]
  let parsed;

  const learn = index => {
    const add = (text, file, id, rank, about) => {
      const page = index.docnames[file], name = about ? text : `${index.titles[file]} > ${text}`;
      const place = (places[`${page}#${id}`] ??= [[page, name, "#" + id, about, rank, "", "name"], []]);
      place[1].push(folded(text));
    };
    for (const prefix of Object.keys(index.objects))
      for (const [file, type, rank, id, last] of index.objects[prefix]) {
        const name = unescaped(prefix ? `${prefix}.${last}` : last);
        if (id[1]) add(name, file, id, 2 - rank, index.objnames[type][2]);
      }
    for (const [names, rank] of [[index.alltitles, 4], [index.indexentries, 0]])
      for (const text of Object.keys(names))
        for (const [file, id] of names[text]) if (id) add(text, file, id, rank);
  };

  const find = query => {
    const best = {}, asked = folded(query);
    const words = asked.split(" ").filter(word => word[1] && !stopwords.has(word));
    const take = (result, score) => {
      const key = result[0] + result[2], place = places[key]?.[0];
      score += place?.[4] ?? 0;
      if (best[key]?.[4] >= score) return;
      best[key] = [...(place ?? result)];
      best[key][4] = score;
    };
    parsed = Search._parseQuery(query);
    localStorage.removeItem("sphinx_highlight_terms"); // what a reader looks for is kept nowhere
    for (const word of words) if (word > 99) parsed[1].add(word); // left out
    for (const result of Search._performSearch(...parsed)) take(result, result[4]);
    for (const [result, names] of Object.values(places)) {
      const all = " " + names.join(" ");
      if (names.includes(asked)) take(result, 100 + result[1].toLowerCase().includes("(" + asked));
      else if (result[4] > 3 && names.some(name => ` ${asked} `.includes(` ${name} `))) take(result, 80);
      else if (words[0] && words.every(word => all.includes(" " + word))) take(result, 50);
    }
    return Object.values(best).sort(_orderResultsByScoreThenName);
  };

  // At most so many letters differ.
  const near = (word, other, slips) => {
    if (word === other || !slips--) return word === other;
    if (word[0] === other[0]) return near(word.slice(1), other.slice(1), slips + 1);
    return [[1, 1], [0, 1], [1, 0]].some(([i, j]) => near(word.slice(i), other.slice(j), slips));
  };

  const poor = results => [undefined, Scorer.partialTerm, Scorer.partialTitle].includes(results.at(-1)?.[4]);

  const mended = word => {
    const value = Object.create(null), texts = Object.values(places).flatMap(place => place[1]);
    let best = word;
    if (/\d/.test(word) || !poor(find(word))) return word;
    for (const known of [...texts, ...Object.keys(Search._index.terms)].join(" ").split(" ")) {
      const slips = [1, 2, 3].find(most => most * 3 <= word.length && near(word, known, most));
      value[known] = (value[known] ?? 0) + 8 ** -slips; // a common one
      if (value[known] > (value[best] ?? 0)) best = known;
    }
    return best;
  };

  Search.query = query => {
    learn(Search._index);
    let results = find(query);
    const asked = folded(query), better = poor(results) ? asked.split(" ").map(mended).join(" ") : asked;
    if (better !== asked) {
      results.push(...find(better));
      const note = Search.status.cloneNode();
      note.textContent = `Did you mean “${better}”?`;
      Search.output.before(note);
    }
    _displayNextItem(results, results.length, parsed[1], parsed[3]);
  };
}
