// Parts of a page that change by themselves (components/progress.html): the new state is read out politely, and whoever
// stood on a link or a button in such a part stands on it still.
(() => {
  const spoken = document.createElement("div");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");

  // The state as its pill says it; without one, what there is to read first once nothing moves any more.
  const said = (part) => {
    const moving = part.hasAttribute("hx-get");
    const one = part.querySelector(".pill") || (moving ? null : part.querySelector(".alert-words, h2, .count-line"));
    return one ? one.textContent.trim().replace(/\s+/g, " ") : "";
  };

  const before = new Map();
  let stood = null;

  document.addEventListener("DOMContentLoaded", () => {
    const parts = document.querySelectorAll("[id][hx-get]");
    if (!parts.length) return;
    document.body.append(spoken);
    for (const part of parts) before.set(part.id, said(part));

    document.body.addEventListener("htmx:beforeSwap", (event) => {
      const at = document.activeElement;
      stood = event.target.contains(at) ? { part: event.target.id, name: at.tagName, words: at.textContent } : null;
    });

    document.body.addEventListener("htmx:load", (event) => {
      const part = event.target;
      if (!before.has(part.id)) return;
      const words = said(part);
      if (words && words !== before.get(part.id)) spoken.textContent = words;
      before.set(part.id, words);
      if (!stood || stood.part !== part.id) return;
      const same = [...part.querySelectorAll(stood.name)].find((one) => one.textContent === stood.words);
      if (same) same.focus({ preventScroll: true });
      stood = null;
    });
  });
})();
