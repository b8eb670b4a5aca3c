// The order of files: by the grip with a pointer, by two buttons with a keyboard. The numbers go out with the form.

export function orderFiles(files) {
  const list = files.querySelector("[data-cards]");
  const live = files.querySelector("[data-live]");
  const changed = files.querySelector("[data-changed]");
  const cards = () => [...list.querySelectorAll("[data-file]")].filter((card) => card.querySelector("[data-position]"));
  let held = null;
  const place = (card) => Number(card.querySelector("[data-position] input").value);
  // A form that comes back unsaved has its own order.
  const sent = cards().sort((one, other) => place(one) - place(other));
  if (sent.some((card, number) => card !== cards()[number])) {
    list.append(...sent);
    changed.hidden = false;
  }

  for (const card of cards()) {
    card.querySelector("[data-moves]").hidden = false;
    card.querySelector("[data-position]").hidden = true;
    card.querySelector("[data-up]").addEventListener("click", (event) => step(card, -1, event.currentTarget));
    card.querySelector("[data-down]").addEventListener("click", (event) => step(card, 1, event.currentTarget));
    const grip = card.querySelector("[data-grip]");
    grip.addEventListener("dragstart", (event) => {
      held = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.file);
      event.dataTransfer.setDragImage(card, 10, 10);
      card.classList.add("held");
    });
    grip.addEventListener("dragend", () => {
      card.classList.remove("held");
      held = null;
    });
    card.addEventListener("dragover", (event) => {
      if (!held || held === card) return;
      event.preventDefault();
      const box = card.getBoundingClientRect();
      const after = event.clientY > box.top + box.height / 2;
      if ((after ? card.nextElementSibling : card.previousElementSibling) === held) return;
      after ? card.after(held) : card.before(held);
      number();
    });
    card.addEventListener("drop", (event) => {
      if (!held) return;
      event.preventDefault();
      tell(held);
    });
  }

  function step(card, by, button) {
    const all = cards();
    const other = all[all.indexOf(card) + by];
    if (!other) return;
    by < 0 ? other.before(card) : other.after(card);
    number();
    tell(card);
    button.focus();
  }

  function number() {
    cards().forEach((card, place) => (card.querySelector("[data-position] input").value = place));
    changed.hidden = false;
  }

  function tell(card) {
    const name = card.querySelector("strong").textContent;
    live.textContent = files.dataset.sayMoved.replace("NAME", name).replace("PLACE", cards().indexOf(card) + 1);
  }
}
