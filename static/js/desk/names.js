// The search fields that select2 makes have no name of their own: they get that of the field they belong to.

export function nameSearchFields(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const name = select.labels[0]?.textContent.trim().replace(/:$/, "") ?? select.name;
    const made = select.nextElementSibling;
    made?.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
    made?.querySelector(".select2-selection--single")?.setAttribute("aria-label", name);
    made?.querySelector(".select2-selection__rendered[role=textbox]")?.setAttribute("aria-label", name);
  }
}
