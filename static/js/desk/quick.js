// Some fields of one row, in a dialog over the list. Without scripts the same link is a page of its own.
import { dressValues } from "./values.js";

export function dressQuick(root) {
  const dialog = root.getElementById("quick-dialog");
  if (!dialog?.showModal) return;

  function fill(text) {
    const form = new DOMParser().parseFromString(text, "text/html").getElementById("quick-form");
    if (!form) return false;
    dialog.replaceChildren(form);
    form.querySelector("h2")?.classList.remove("visually-hidden");
    dressValues(dialog);
    return true;
  }

  async function send(form, action) {
    const answer = await fetch(action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      globalThis.location.assign(form.elements.back.value);
      return;
    }
    if (!fill(await answer.text())) globalThis.location.assign(action);
    else watch(action);
  }

  function watch(action) {
    const form = dialog.querySelector("form");
    form.querySelector("[data-close]")?.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // A broken line: the page of its own says so in the browser's words, and nothing that was typed is lost here.
      send(form, action).catch(() => form.querySelector("button[type=submit]")?.focus());
    });
  }

  root.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-quick]") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href);
      if (!answer.ok || !fill(await answer.text())) throw new Error(String(answer.status));
      watch(link.href);
      dialog.showModal();
      dialog.querySelector("textarea, input:not([type=hidden]), select")?.focus();
      dialog.addEventListener("close", () => link.focus(), { once: true });
    } catch {
      globalThis.location.assign(link.href);
    }
  });
}
