// Rows of a field: add one, take one away. Of texts in languages, show the tag's field only for "another…".

export function dressValues(root) {
  for (const group of root.querySelectorAll("[data-values]")) dress(group);
}

function dress(group) {
  if (group.dataset.dressed && !group.closest("[data-dress-again]")) return;
  group.dataset.dressed = "1";
  const rows = () => [...group.querySelectorAll("[data-value]")];
  const spare = rows().filter((row) => "spare" in row.dataset);
  // One empty row is enough when a button can add more; beside what is written none is needed.
  for (const row of spare.slice(rows().length === spare.length ? 1 : 0)) row.remove();
  const model = (rows()[0] ?? spare[0]).cloneNode(true);
  const add = group.querySelector("[data-add]");
  add.hidden = false;
  add.addEventListener("click", () => {
    const row = model.cloneNode(true);
    clear(row);
    add.before(row);
    prepare(row);
    row.querySelector("select, input").focus();
  });
  rows().forEach(prepare);

  function prepare(row) {
    const language = row.querySelector("[data-language]");
    const tag = row.querySelector("[data-tag]");
    const text = row.querySelector("textarea");
    const remove = row.querySelector("[data-remove]");
    const show = () => {
      if (!language) return;
      tag.hidden = language.value !== "other";
      text.lang = tag.hidden ? language.value : tag.value;
    };
    language?.addEventListener("change", show);
    tag?.addEventListener("change", show);
    show();
    remove.hidden = false;
    remove.addEventListener("click", () => {
      const form = row.closest("form");
      if (rows().length > 1) {
        const next = row.nextElementSibling?.querySelector("select, input") ?? add;
        row.remove();
        next.focus();
      } else {
        clear(row);
        show();
      }
      // What watches the form hears of it, as of anything typed.
      form?.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

function clear(row) {
  for (const field of row.querySelectorAll("input, textarea, select")) {
    field.value = "";
    field.removeAttribute("id");
    field.removeAttribute("value");
    if (field.matches("textarea")) field.textContent = "";
  }
}
