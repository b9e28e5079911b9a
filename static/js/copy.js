// Copy buttons. <button type="button" hidden data-copy="#id" data-copied="Copied"> copies what the element shows or holds;
// data-copy-text copies the words themselves. They stay hidden where there is no script or no clipboard.
(() => {
  const spoken = document.createElement("div");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");

  const wanted = (button) => {
    if (button.dataset.copyText !== undefined) return button.dataset.copyText;
    const source = document.querySelector(button.dataset.copy);
    return "value" in source ? source.value : source.textContent.trim();
  };

  const say = (button) => {
    const words = button.dataset.copied;
    const label = button.querySelector("[data-copy-label]");
    spoken.textContent = "";
    window.setTimeout(() => { spoken.textContent = words; }, 50); // a change is read out, the same words again are not
    if (!label || label.dataset.before) return;
    label.dataset.before = label.textContent;
    label.textContent = words;
    window.setTimeout(() => {
      label.textContent = label.dataset.before;
      delete label.dataset.before;
    }, 2000);
  };

  const show = (root) => {
    for (const button of root.querySelectorAll("[data-copy], [data-copy-text]")) button.hidden = false;
  };

  if (!navigator.clipboard) return; // browsers offer the clipboard on https and on this machine only
  document.body.append(spoken);
  show(document);
  document.body.addEventListener("htmx:load", (event) => show(event.target));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-text]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(wanted(button));
    } catch {
      return; // the browser said no, and says so itself
    }
    say(button);
  });
})();
