// A quick second press on a button sends nothing a second time. After some seconds, and when the page is come back to, the
// form may be sent again: what it answered may have been a file, and the page is still here.
(() => {
  const SECONDS = 5;
  let sent = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    setTimeout(() => sent.delete(form), SECONDS * 1000);
  });

  window.addEventListener("pageshow", () => {
    sent = new WeakSet();
  });
})();
