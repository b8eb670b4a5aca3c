// Ctrl+K: finds items, headings, screens and commands, and goes there. Django's list of choices is the server's: it knows who asks.
const WAIT_MS = 150;

export function dressPalette(root) {
  const dialog = root.getElementById("palette");
  if (!dialog?.showModal) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const note = root.getElementById("palette-none");
  let timer = 0;
  let asked = 0;
  let chosen = -1;

  const options = () => [...list.querySelectorAll("[role=option]")];

  function choose(number) {
    const all = options();
    chosen = all.length ? (number + all.length) % all.length : -1;
    all.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function show(groups) {
    list.replaceChildren();
    let number = 0;
    for (const group of groups) {
      const box = document.createElement("div");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", group.label);
      const head = document.createElement("p");
      head.className = "palette-head";
      head.setAttribute("aria-hidden", "true");
      head.textContent = group.label;
      box.append(head);
      for (const found of group.found) {
        const option = document.createElement("a");
        option.id = `palette-option-${number++}`;
        option.setAttribute("role", "option");
        option.setAttribute("tabindex", "-1");
        option.href = found.address;
        option.textContent = found.label;
        if (found.note) {
          const small = document.createElement("span");
          small.className = "quiet";
          small.textContent = ` ${found.note}`;
          option.append(small);
        }
        box.append(option);
      }
      list.append(box);
    }
    note.textContent = number ? note.dataset.keys : note.dataset.none;
    choose(0);
  }

  async function ask() {
    const mine = ++asked;
    const address = `${dialog.dataset.address}?${new URLSearchParams({ q: input.value })}`;
    try {
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      // What was asked later has been answered already.
      if (answer.ok && mine === asked) show((await answer.json()).groups);
    } catch {
      // The line is broken: what stands there stays.
    }
  }

  function open() {
    if (dialog.open) return;
    input.value = "";
    dialog.showModal();
    input.focus();
    ask();
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      options()[chosen]?.click();
    }
  });
  root.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  for (const button of root.querySelectorAll("[data-open-palette]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
}
