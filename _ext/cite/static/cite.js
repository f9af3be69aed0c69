/* A button to copy each block, with an answer that is seen and spoken. Without it the text can be selected. */
{
  const named = (name, properties) => Object.assign(document.createElement(name), properties);
  const status = named("p", { className: "copy-status", role: "status" });
  document.querySelector("h1").parentElement.append(status);
  let fading;
  const say = words => {
    clearTimeout(fading);
    status.textContent = words;
    fading = setTimeout(() => { status.textContent = ""; }, 6000);
  };
  for (const block of document.querySelectorAll("[data-copy]")) {
    const what = `${block.dataset.copy} of ${block.closest("section").querySelector("h2").textContent}`;
    const button = named("button", { type: "button", className: "copy", textContent: "Copy", ariaLabel: `Copy the ${what}` });
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.dataset.copy === "address" ? block.href : block.textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 3000);
        say(`Copied: the ${what}.`);
      } catch { // a page without encryption, or a browser that asks first
        getSelection().selectAllChildren(block);
        say("The browser does not copy by itself. The text is selected: copy it with the keyboard or the menu.");
      }
    });
    block.after(button);
  }
}
