// Another template brings its own fields. What was written in those of the last one stays in the form, and goes to the same field here.
import { offerLetters } from "./letters.js";
import { dressValues } from "./values.js";

export function offerTemplates(root) {
  const select = root.querySelector("select[data-templates]");
  if (!select) return;
  const place = () => root.querySelector(".field-own_values .own-place");
  mark(root, shown());
  select.addEventListener("change", change);

  function shown() {
    return place()?.querySelector("[data-own]:not([hidden])");
  }

  async function change() {
    const old = shown();
    if (old) old.hidden = true;
    let next = select.value && place().querySelector(`[data-own="${CSS.escape(select.value)}"]`);
    if (select.value && !next) next = await fetched(select.value);
    if (next && next.dataset.own !== select.value) return; // chosen anew meanwhile
    if (next) {
      next.hidden = false;
      if (old) carry(old, next);
      const kind = root.querySelector("#id_kind");
      if (kind && !kind.value) kind.value = next.dataset.kind;
    }
    mark(root, next);
  }

  async function fetched(key) {
    const answer = await fetch(select.dataset.templates.replace(/template\/$/, `${encodeURIComponent(key)}/`), { cache: "no-store" });
    if (!answer.ok) return null; // The fields come with the next saving.
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const block = page.querySelector("[data-own]");
    place().append(block);
    offerLetters(block);
    dressValues(block);
    return block;
  }
}

function carry(old, next) {
  for (const from of old.querySelectorAll(".own-field")) {
    const to = next.querySelector(`.own-field[data-key="${CSS.escape(from.dataset.key)}"]`);
    if (!to || to.dataset.form !== from.dataset.form) continue;
    if (from.dataset.form === "text") swapRows(from, to, old.dataset.own, next.dataset.own);
    else {
      const field = to.querySelector("input, select");
      const value = from.querySelector("input, select").value;
      if (!field.matches("select") || [...field.options].some((one) => one.value === value)) field.value = value;
    }
  }
}

function swapRows(from, to, oldKey, nextKey) {
  const [mine, theirs] = [from.querySelector(".own-value"), to.querySelector(".own-value")];
  const rows = mine.firstElementChild;
  mine.append(theirs.firstElementChild);
  theirs.append(rows);
  rename(theirs, oldKey, nextKey);
  rename(mine, nextKey, oldKey);
}

function rename(part, from, to) {
  for (const one of part.querySelectorAll("[name], [id], [aria-labelledby]")) {
    for (const name of ["name", "id", "aria-labelledby"]) {
      const value = one.getAttribute(name);
      if (value) one.setAttribute(name, value.replace(`own_values-${from}-`, `own_values-${to}-`));
    }
  }
}

// What the template asks for before publishing, at the fields that every template has.
function mark(root, block) {
  for (const old of root.querySelectorAll("[data-needed-here]")) old.remove();
  const model = root.querySelector("[data-needed-model]");
  if (!block || !model) return;
  for (const name of block.dataset.needs.split(" ").filter(Boolean)) {
    const label = root.querySelector(`.field-${name.replace("date_edtf", "date_as_written")} label, #${name}-heading`);
    if (!label) continue;
    const copy = model.content.firstElementChild.cloneNode(true);
    copy.dataset.neededHere = "";
    label.append(copy);
  }
}
