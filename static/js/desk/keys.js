// Ctrl+S (Cmd+S) saves the form on the page, as its button does. It never publishes: that button may stand before the one that saves.

export function saveByKey(root) {
  const form = root.querySelector("#content-main form[method=post]");
  if (!form) return;
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "s") return;
    const button =
      form.querySelector("[name=_continue]") || form.querySelector("[name=_save]") || form.querySelector(".submit-row [type=submit]:not([name=_move])");
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
