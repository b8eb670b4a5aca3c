// The parts of a long form: each folds, the device remembers which, and the list of parts opens what it leads to.
const KEY = "desk-parts";

export function rememberParts(root) {
  const parts = [...root.querySelectorAll("details[data-fold]")];
  if (!parts.length) return;
  const kept = read();
  for (const part of parts) {
    const wrong = part.querySelector(".errors, .errorlist");
    if (part.dataset.fold in kept && !wrong) part.open = kept[part.dataset.fold];
    part.addEventListener("toggle", () => write({ ...read(), [part.dataset.fold]: part.open }));
  }
  const show = () => {
    const target = location.hash ? root.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const part = target?.closest("details[data-fold]");
    if (!part) return;
    part.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", show);
  for (const link of root.querySelectorAll(".parts a")) {
    link.addEventListener("click", () => {
      const part = root.querySelector(link.getAttribute("href"));
      part.open = true;
      setTimeout(() => part.querySelector("summary").focus(), 0);
    });
  }
  show();
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function write(parts) {
  try {
    localStorage.setItem(KEY, JSON.stringify(parts));
  } catch {
    // A browser that keeps nothing shows the form as it comes.
  }
}
