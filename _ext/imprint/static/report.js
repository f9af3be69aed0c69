// The report of a mistake names the section that its reader came for: the page stands at the end of the address.
const report = document.querySelector(".source-links a[href*='Page%3A']");
const address = report?.href;
report?.addEventListener("click", () => { report.href = address + encodeURIComponent(location.hash); });
