// What files say of themselves: a button fills the field of the form, as if it were typed. Without it the words can be copied.

export function offerProposals(root) {
  const panel = root.querySelector("[data-from-files]");
  const form = panel?.closest("form");
  if (!form) return;
  const told = panel.querySelector("[data-used]");
  for (const button of panel.querySelectorAll("[data-use]")) {
    if (!hasField(form, button.dataset.use)) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = fill(form, button.dataset.use, button.dataset.value);
      if (!field) return;
      told.textContent = told.dataset.words;
      for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
      field.scrollIntoView({ block: "center" });
      field.focus();
    });
  }
}

function hasField(form, name) {
  return Boolean(form.querySelector(`[name="${name}"], [name="${name}-text"], [name="${name}-other"]`));
}

function fill(form, name, value) {
  const tags = form.querySelector(`[name="${name}-other"]`);
  if (tags) return tickLanguage(form, name, tags, value);
  const texts = form.querySelector(`[name="${name}-text"]`);
  const field = texts ? emptyText(texts) : form.querySelector(`[name="${name}"]`);
  if (!field) return null;
  write(field, value);
  const language = texts && field.closest("[data-value]").querySelector("[data-language]");
  // The file does not say in which language it speaks: that is the next thing to choose.
  return language && !language.value ? language : field;
}

function emptyText(first) {
  const group = first.closest("[data-values]");
  const texts = () => [...group.querySelectorAll("textarea")];
  const empty = texts().find((one) => !one.value.trim());
  if (empty) return empty;
  group.querySelector("[data-add]").click();
  return texts().at(-1);
}

function tickLanguage(form, name, tags, value) {
  const box = [...form.querySelectorAll(`input[type="checkbox"][name="${name}"]`)].find((one) => one.value === value);
  if (box) {
    box.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
    return box;
  }
  const there = tags.value.split(/[\s,;]+/).filter(Boolean);
  if (!there.includes(value)) write(tags, [...there, value].join(", "));
  return tags;
}

function write(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
