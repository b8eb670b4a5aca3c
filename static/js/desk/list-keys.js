// Keys of the lists. Single letters can be switched off, as some people need who speak to their machine.
const KEPT = "desk-keys-off";

function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog[open], .select2-container");
}

export function dressKeys(root) {
  const help = root.getElementById("keys-help");
  const rows = [...root.querySelectorAll("#result_list tbody tr")];
  const linkOf = (row) => row.querySelector("th a, td a");
  const here = () => rows.findIndex((row) => row.contains(root.activeElement));

  const isOff = () => {
    try {
      return localStorage.getItem(KEPT) === "1";
    } catch {
      return false;
    }
  };
  const box = root.getElementById("keys-on");
  if (box) {
    box.checked = !isOff();
    box.addEventListener("change", () => {
      try {
        if (box.checked) localStorage.removeItem(KEPT);
        else localStorage.setItem(KEPT, "1");
      } catch {
        // The browser keeps nothing: the keys stay as they are.
      }
    });
  }

  const go = (step) => {
    const at = here();
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (next) linkOf(next)?.focus();
  };
  const acts = {
    "/": () => root.getElementById("searchbar")?.focus(),
    "?": () => help?.showModal?.(),
    j: () => go(1),
    k: () => go(-1),
    x: () => rows[here()]?.querySelector(".action-select")?.click(),
    e: () => rows[here()]?.querySelector("[data-quick]")?.click(),
    n: () => root.querySelector(".object-tools .addlink")?.click(),
  };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const act = acts[event.key];
    // Help says how to switch the keys on again: it always comes.
    if (!act || (isOff() && event.key !== "?")) return;
    event.preventDefault();
    act();
  });
}
