// The zoom viewer is fetched only when the reader asks for it.
import { wear } from "./wear.js";

export function offerZoom(root) {
  for (const button of root.querySelectorAll("button[data-zoom]")) {
    button.hidden = false;
    button.addEventListener("click", () => open(button));
  }
}

async function open(button) {
  const stage = button.closest(".stage");
  button.disabled = true;
  try {
    const [{ zoom }] = await Promise.all([import(button.dataset.module), wear(button.dataset.style)]);
    zoom(stage, button);
  } catch {
    stage.querySelector("[data-failed]")?.removeAttribute("hidden");
  } finally {
    button.disabled = false;
  }
}
