// Parts of a page that change by themselves (components/progress.html): the new state is read out politely, and whoever
// stood on a link or a button in such a part stands on it still.
(() => {
  const spoken = document.createElement("div");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");

  const plain = (one) => one.textContent.trim().replace(/\s+/g, " ");

  // Each state as its pill says it, behind the name of its badge where several stand side by side; without pills, what there
  // is to read first once nothing moves any more.
  const said = (part) => {
    const pills = [...part.querySelectorAll(".pill")];
    if (pills.length) {
      return pills.map((pill) => {
        const name = pill.closest(".badge-tile")?.querySelector(".badge-tile-name");
        return name ? `${plain(name)}: ${plain(pill)}` : plain(pill);
      });
    }
    const one = part.hasAttribute("hx-get") ? null : part.querySelector(".alert-words, h2, .count-line");
    return one ? [plain(one)] : [];
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
      stood = event.target.contains(at) ? { part: event.target.id, name: at.tagName, words: at.textContent, href: at.getAttribute("href") } : null;
    });

    document.body.addEventListener("htmx:load", (event) => {
      const part = event.target;
      if (!before.has(part.id)) return;
      const words = said(part);
      const fresh = words.filter((one) => !before.get(part.id).includes(one));
      if (fresh.length) spoken.textContent = fresh.join(". ");
      before.set(part.id, words);
      if (!stood || stood.part !== part.id) return;
      const same = [...part.querySelectorAll(stood.name)].filter((one) => one.textContent === stood.words);
      (same.find((one) => one.getAttribute("href") === stood.href) || same[0])?.focus({ preventScroll: true });
      stood = null;
    });
  });
})();
