// A table is checked and loaded in steps of a second or two: this asks for one after the other. Without it a button does.
const PAUSE_MS = 100;
const AFTER_FAILURE_MS = 3000;

export function goOnInSteps(root) {
  const form = root.querySelector("form[data-steps]");
  if (!form) return;
  const bar = form.querySelector("progress");
  const told = root.querySelector("[data-told]");
  form.querySelector("button").hidden = true;

  async function step() {
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Error(String(answer.status));
      const { done, final, sentence } = await answer.json();
      bar.value = done;
      told.textContent = sentence;
      if (final) location.reload();
      else setTimeout(step, PAUSE_MS);
    } catch {
      setTimeout(step, AFTER_FAILURE_MS);
    }
  }

  step();
}
