// Puts an address on the clipboard. Without this, the address is a link like any other.
const SHOWN_MS = 2000;

export function offerCopies(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = label; }, SHOWN_MS);
      } catch {
        button.hidden = true;
      }
    });
  }
}
