// Shuts the folded part of the menu for whoever presses Escape or turns to something else.
"use strict";

const more = document.querySelector(".site-more");

if (more) {
  const shutUnlessIn = (place) => {
    if (place && !more.contains(place)) more.open = false;
  };
  document.addEventListener("click", (event) => shutUnlessIn(event.target));
  more.addEventListener("focusout", (event) => shutUnlessIn(event.relatedTarget));
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    more.open = false;
    more.querySelector("summary").focus();
  });
}
