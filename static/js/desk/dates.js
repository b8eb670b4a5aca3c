// Under a date the way it is understood, while one types; the EDTF beside it follows, unless it was written by hand.
const WAIT_MS = 400;

export function readDates(root) {
  for (const field of root.querySelectorAll("input[data-reading]")) follow(field);
}

function follow(field) {
  const machine = field.form.querySelector(`[name="${field.name.replace("_as_written", "_edtf")}"]`);
  const told = document.createElement("div");
  told.className = "reading";
  told.setAttribute("aria-live", "polite");
  field.closest(".flex-container").after(told);
  const before = machine?.value ?? "";
  let byHand = false;
  let timer = 0;
  let asked = 0;
  machine?.addEventListener("input", () => (byHand = true));
  field.addEventListener("input", () => {
    // Sent before the answer came, the server reads the words itself.
    if (machine && !byHand) machine.value = before;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  if (field.value) ask({ only: "tell" });

  async function ask({ only } = {}) {
    const number = (asked += 1);
    const question = new URLSearchParams({ text: field.value });
    let seen;
    try {
      const answer = await fetch(`${field.dataset.reading}?${question}`, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!answer.ok) return;
      seen = await answer.json();
    } catch {
      return;
    }
    if (number !== asked) return;
    show(seen, only !== "tell");
  }

  function show(seen, writes) {
    told.replaceChildren(seen.said ?? seen.refused ?? "");
    told.classList.toggle("refused", Boolean(seen.refused));
    if (writes && machine && !byHand && seen.edtf) machine.value = seen.edtf;
    for (const one of seen.suggestions ?? []) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain";
      button.textContent = one.said;
      button.addEventListener("click", () => {
        machine.value = one.edtf;
        byHand = true;
        machine.dispatchEvent(new Event("change", { bubbles: true }));
        told.textContent = `${one.said} (${one.edtf})`;
        told.classList.remove("refused");
        field.focus();
      });
      told.append(" ", button);
    }
  }
}
