// Suggestions while somebody types: the combobox of the ARIA Authoring Practices with a list. Without this file the form works as it is.
const WAIT_MS = 160;
const KEPT_MOST = 40;

export function offerSuggestions(root) {
  if (navigator.connection?.saveData) return;
  for (const input of root.querySelectorAll("input[data-suggest]")) combobox(input);
}

// The look of the list is fetched when it may come to be needed.
function dress(address) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}

function combobox(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.label);
  list.className = "suggested";
  list.hidden = true;
  input.after(list);
  input.addEventListener("focus", () => dress(input.dataset.style), { once: true });
  if (document.activeElement === input) dress(input.dataset.style);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  const kept = new Map();
  let timer = 0;
  let asking = null;
  let at = -1;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function show(found) {
    list.replaceChildren(...found.map((one, place) => option(one, place)));
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function option(one, place) {
    const row = document.createElement("li");
    row.id = `${list.id}-${place}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    const text = document.createElement("span");
    text.textContent = one.text;
    row.append(text);
    if (one.note) {
      const note = document.createElement("small");
      note.textContent = one.note;
      row.append(" ", note);
    }
    row.addEventListener("mousedown", (event) => event.preventDefault());
    row.addEventListener("click", () => take(one));
    row.suggestion = one;
    return row;
  }

  function take(one) {
    close();
    if (one.url) {
      location.assign(one.url);
      return;
    }
    input.value = one.text;
    input.form.requestSubmit();
  }

  function move(step) {
    const rows = [...list.children];
    rows[at]?.setAttribute("aria-selected", "false");
    at = at + step < -1 ? rows.length - 1 : at + step >= rows.length ? -1 : at + step;
    if (at < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    rows[at].setAttribute("aria-selected", "true");
    rows[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[at].id);
  }

  async function ask(words) {
    asking?.abort();
    if (kept.has(words)) {
      show(kept.get(words));
      return;
    }
    asking = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: asking.signal });
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      if (kept.size >= KEPT_MOST) kept.clear();
      kept.set(words, suggestions);
      if (input.value.trim() === words && document.activeElement === input) show(suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const words = input.value.trim();
    if (words) timer = setTimeout(() => ask(words), WAIT_MS);
    else close();
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(list.children[at].suggestion);
    }
  });
}
