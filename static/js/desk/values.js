// Rows of texts in languages: add one, take one away, show the tag's field only for "another…".

export function dressValues(root) {
  for (const group of root.querySelectorAll("[data-values]")) dress(group);
}

function dress(group) {
  const rows = () => [...group.querySelectorAll("[data-value]")];
  const spare = rows().filter((row) => "spare" in row.dataset);
  // One empty row is enough when a button can add more.
  for (const row of spare.slice(rows().length === spare.length ? 1 : 0)) row.remove();
  const model = (rows()[0] ?? spare[0]).cloneNode(true);
  const add = group.querySelector("[data-add]");
  add.hidden = false;
  add.addEventListener("click", () => {
    const row = model.cloneNode(true);
    clear(row);
    add.before(row);
    prepare(row);
    row.querySelector("select").focus();
  });
  rows().forEach(prepare);

  function prepare(row) {
    const language = row.querySelector("[data-language]");
    const tag = row.querySelector("[data-tag]");
    const text = row.querySelector("textarea");
    const remove = row.querySelector("[data-remove]");
    const show = () => {
      tag.hidden = language.value !== "other";
      text.lang = tag.hidden ? language.value : tag.value;
    };
    language.addEventListener("change", show);
    tag.addEventListener("change", show);
    show();
    remove.hidden = false;
    remove.addEventListener("click", () => {
      if (rows().length > 1) {
        const next = row.nextElementSibling?.querySelector("select") ?? add;
        row.remove();
        next.focus();
      } else {
        clear(row);
        show();
      }
    });
  }
}

function clear(row) {
  const text = row.querySelector("textarea");
  text.value = text.textContent = "";
  text.removeAttribute("id");
  row.querySelector("[data-tag]").value = "";
  row.querySelector("select").value = "";
}
