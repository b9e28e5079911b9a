// Rows that name a level of a skill: once a skill is chosen, the levels that it does not have are no longer offered. Without
// a script all stay on offer, and saving says which one does not exist.
(() => {
  for (const row of document.querySelectorAll(".skill-row")) {
    const skill = row.querySelector("select[name$=-skill]");
    const level = row.querySelector("select[name$=-level]");

    const offer = () => {
      const { levels } = skill.selectedOptions[0].dataset;
      const there = (option) => !levels || levels.split(" ").includes(option.value);
      for (const option of level.options) option.hidden = option.disabled = !there(option);
      if (!level.selectedOptions.length || level.selectedOptions[0].disabled) level.value = [...level.options].find(there).value;
    };

    skill.addEventListener("change", offer);
    offer();
  }
})();
