// Letters of the highlands that keyboards lack (their alphabets as far as they are settled), put in at the caret of any text field.
// F8 opens and closes them and goes from the field to the letters; arrows go along them; Escape goes back to the field.
const KEY = "F8";
const BREVES = ["ă", "â", "â\u0306", "ĕ", "ê", "ê\u0306", "ĭ", "ŏ", "ô", "ô\u0306", "ơ", "ơ\u0306", "ŭ", "ư", "ư\u0306"];
const SETS = {
  bdq: [...BREVES, "ƀ", "đ", "č", "ñ"],
  sed: ["â", "ê", "ô", "ơ", "ư", "ĕ", "ĭ", "ŏ", "ŭ", "ƀ", "đ"],
  hre: ["à", "â", "è", "ê", "ì", "ò", "ô", "ŏ", "ù", "đ"],
  jra: [...BREVES, "ƀ", "č", "đ", "ñ"],
  cmo: [...BREVES, "ƀ", "đ"],
};
// Neighbours that are written alike; of Jeh and Trieng no alphabet is settled, so that they get all letters.
const ALIKE = { ren: "bdq", tdr: "sed", mng: "cmo", mnn: "cmo" };
const ALL = [...BREVES, "y\u0306", "ƀ", "đ", "č", "ñ", "ꝍ"];
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/gu;
const FIELDS = "textarea, input[type=text]";
const NOT_HERE = "[data-no-letters], [readonly], [inputmode=decimal], .select2-search__field, [data-tag]";
const NAMES_NOT_HERE = /(^|-)(slug|identifier|uri|scheme|code|notation|lang|other)$|_edtf$|-tag$/;

export function offerLetters(root) {
  const model = document.querySelector("template[data-letters-model]");
  if (!model) return;
  dress(root);
  if (root !== document) return;
  const bar = model.content.querySelector("[role=toolbar]").cloneNode(true);
  let field = null;
  let capital = false;
  let all = false;

  // The one who types keeps the caret: a press on a button does not take the focus away.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("close" in button.dataset) close();
    else if ("capital" in button.dataset) fill({ capital: !capital });
    else if ("all" in button.dataset) fill({ all: !all });
    else put(field, button.dataset.letter);
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...bar.querySelectorAll("button")];
    const here = buttons.indexOf(document.activeElement);
    if (step) go(buttons[(here + step + buttons.length) % buttons.length]);
    else if (event.key === "Home") go(buttons[0]);
    else if (event.key === "End") go(buttons.at(-1));
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== KEY || event.ctrlKey || event.altKey || event.metaKey) return;
    if (bar.contains(document.activeElement)) close();
    else if (takes(document.activeElement)) {
      if (field !== document.activeElement || !bar.isConnected) open(document.activeElement);
      go(bar.querySelector("button[tabindex='0']"));
    } else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-letters-open]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-letters-open]");
    if (!opener) return;
    const wanted = fieldOf(opener);
    if (!wanted) return;
    if (field === wanted && bar.isConnected) return close();
    open(wanted);
    wanted.focus();
  });
  document.addEventListener("focusin", (event) => {
    // Open letters go along from field to field.
    if (bar.isConnected && takes(event.target) && event.target !== field) open(event.target);
  });

  function open(wanted) {
    field = wanted;
    rowOf(field).after(bar);
    fill({});
    // Not under the row of buttons that stays below.
    bar.scrollIntoView({ block: "nearest" });
  }

  function close() {
    bar.remove();
    field?.focus();
  }

  function go(button) {
    for (const one of bar.querySelectorAll("button")) one.tabIndex = one === button ? 0 : -1;
    button.focus();
  }

  function fill(change) {
    ({ capital, all } = { capital, all, ...change });
    const had = bar.contains(document.activeElement);
    const tag = (field.lang || "").split("-")[0];
    const letters = (!all && SETS[ALIKE[tag] ?? tag]) || ALL;
    const place = bar.querySelector("[data-set]");
    place.replaceChildren(
      ...letters.map((letter) => {
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.letter = button.textContent = capital ? letter.toLocaleUpperCase("vi") : letter;
        if (tag) button.lang = tag;
        return button;
      }),
    );
    bar.querySelector("[data-capital]").setAttribute("aria-pressed", String(capital));
    bar.querySelector("[data-all]").setAttribute("aria-pressed", String(letters === ALL));
    const buttons = [...bar.querySelectorAll("button")];
    for (const one of buttons) one.tabIndex = -1;
    const first = had ? document.activeElement : place.firstElementChild;
    (buttons.includes(first) ? first : buttons[0]).tabIndex = 0;
  }
}

function takes(field) {
  return (
    field instanceof HTMLElement &&
    field.matches(FIELDS) &&
    !field.matches(NOT_HERE) &&
    !NAMES_NOT_HERE.test(field.name) &&
    field.closest("#content-main form") !== null
  );
}

function rowOf(field) {
  return field.closest("[data-value]") ?? field.closest(".own-value") ?? field.closest(".flex-container") ?? field;
}

// A small button at each field; with the keyboard the key does, so that it is no further stop.
function dress(root) {
  const model = document.querySelector("template[data-letters-model]").content.querySelector("[data-letters-open]");
  for (const field of root.querySelectorAll(FIELDS)) {
    if (!takes(field)) continue;
    const place = field.closest("[data-value]")?.querySelector("[data-remove]") ?? field;
    if (place.nextElementSibling?.matches("[data-letters-open]")) continue;
    place.after(model.cloneNode(true));
  }
}

function fieldOf(opener) {
  return opener.closest("[data-value]")?.querySelector("textarea") ?? opener.previousElementSibling;
}

export function put(field, text) {
  let from = field.selectionStart;
  const to = field.selectionEnd;
  let letters = text;
  if (/^\p{M}/u.test(text)) {
    // A mark joins the letter before it, and takes its place among the marks there.
    const cluster = field.value.slice(0, from).match(/[^\p{M}\s]\p{M}*$/u)?.[0];
    if (!cluster) return field.focus();
    from -= cluster.length;
    const bare = TONES.test(text) ? cluster.normalize("NFD").replace(TONES, "") : cluster;
    TONES.lastIndex = 0;
    letters = canonical(bare + text);
  }
  field.focus();
  field.setSelectionRange(from, to);
  // So that what was put in can be taken back with Ctrl+Z.
  if (document.execCommand?.("insertText", false, letters)) return undefined;
  field.setRangeText(letters, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return undefined;
}

// NFC with the order of marks in which texts are stored: circumflex or horn, breve, tone; none twice (archive/languages.py).
export function canonical(text) {
  const place = (mark) => (mark === "\u0302" || mark === "\u031b" ? 0 : mark === "\u0306" ? 1 : 2);
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]+/gu, (marks) => [...new Set(marks)].sort((one, other) => place(one) - place(other)).join(""))
    .normalize("NFC");
}
