// Copies the link to a page or to a second of a recording. Where the clipboard is closed the address is shown, to be copied by hand.
export function offerCopies(root) {
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const told = button.parentElement.querySelector("[data-told]");
  const player = button.hasAttribute("data-moment") ? button.closest(".stage")?.querySelector("audio, video") : null;
  const address = new URL(button.dataset.copy + (player ? Math.floor(player.currentTime) : ""), location.href.split("#")[0]).href;
  try {
    await navigator.clipboard.writeText(address);
    told.textContent = told.dataset.done;
  } catch {
    told.textContent = address;
  }
}
