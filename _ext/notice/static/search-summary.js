/* A search result shows a piece of its page. The safety notice, which opens every page, is left out of
   it, so that the piece says what the page is about. Search.htmlToText: Sphinx's searchtools.js. */
{
  const textOf = Search.htmlToText;
  const notice = /<div[^>]*\bmedication-safety\b[^]*?<\/div>/;
  Search.htmlToText = (page, anchor) => textOf(page.replace(notice, ""), anchor);
}
