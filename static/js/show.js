// A password can be looked at. <input type="password" data-show="Show" data-hide="Hide"> gets a button beside it; where there
// is no script there is none.
(() => {
  const turn = (input, button, open) => {
    input.type = open ? "text" : "password";
    button.textContent = open ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-pressed", String(open));
  };

  const prepare = (input) => {
    const group = document.createElement("div");
    const button = document.createElement("button");
    group.className = "input-group password-group";
    button.type = "button";
    button.className = "btn";
    button.setAttribute("aria-controls", input.id);
    button.setAttribute("aria-label", input.dataset.showLabel);
    input.before(group);
    group.append(input, button);
    turn(input, button, false);
    button.addEventListener("click", () => turn(input, button, input.type === "password"));
    input.form.addEventListener("submit", () => turn(input, button, false)); // else browsers keep it as plain text
  };

  for (const input of document.querySelectorAll("input[data-show]")) prepare(input);
})();
