// Rights that need a statement of origin mark its field.

export function markOrigin(root) {
  const select = root.querySelector("#id_rights");
  const label = root.querySelector(".field-origin_statements label");
  const model = root.querySelector("[data-needed-model]");
  if (!select || !label || !model) return;
  const show = () => {
    label.querySelector("[data-origin-mark]")?.remove();
    if (!("origin" in (select.selectedOptions[0]?.dataset ?? {}))) return;
    if (label.querySelector("[data-needed-here]")) return;
    const mark = model.content.firstElementChild.cloneNode(true);
    mark.dataset.originMark = "";
    label.append(mark);
  };
  select.addEventListener("change", show);
  show();
}
