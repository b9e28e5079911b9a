// Runs before anything is drawn. Where the person follows the system, the page gets the system's theme and keeps following.
(() => {
  const page = document.documentElement;
  if (page.dataset.bsTheme) return; // the person chose light or dark in the profile
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { page.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  follow();
  dark.addEventListener("change", follow);
})();
