// A book on this device: how its letters look, and where its reader stopped. Both are kept here only and go nowhere else.
import "./site.js";
const LOOK = "nha-rong.look";
const PLACES = "nha-rong.places";
const SIZES = 5;
const MIDDLE = 2;
const PLACES_MOST = 100;

function kept(name) {
  try {
    const value = JSON.parse(localStorage.getItem(name) ?? "{}");
    return value && typeof value === "object" ? value : {};
  } catch {
    return {};
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Full, or forbidden: the book is read all the same.
  }
}

function dressLook(tools) {
  const stage = tools.closest(".stage");
  const paper = tools.querySelector("[data-paper]");
  const told = tools.querySelector("[data-told]");
  const look = { size: MIDDLE, paper: "", ...kept(LOOK) };
  const show = () => {
    look.size = Math.max(0, Math.min(Math.round(Number(look.size)) || 0, SIZES - 1));
    stage.dataset.letters = String(look.size);
    if (["day", "night"].includes(look.paper)) stage.dataset.paper = look.paper;
    else delete stage.dataset.paper;
  };
  show();
  paper.value = stage.dataset.paper ?? "";
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-size]");
    if (!button) return;
    look.size += Number(button.dataset.size);
    show();
    told.textContent = `${told.dataset.sizeWord}: ${look.size + 1}/${SIZES}`;
    keep(LOOK, look);
  });
  paper.addEventListener("change", () => {
    look.paper = paper.value;
    show();
    keep(LOOK, look);
  });
}

// The first block of the chapter that is still below the upper edge, and how many there are.
function blocksOf(chapter) {
  const inside = chapter.querySelector(".structured, .running");
  const blocks = [...inside.querySelectorAll("p, h1, h2, h3, h4, li, img, tr, pre")];
  return blocks.length ? blocks : [inside];
}

function keepPlace(chapter) {
  const { book, chapter: number, part, label } = chapter.dataset;
  const blocks = blocksOf(chapter);
  const before = kept(PLACES)[book];
  // Only who comes back by "read on" is taken to the line: a link to a chapter leads to its beginning.
  if (location.hash === "#here" && before?.chapter === number && before.part === part) blocks[before.block]?.scrollIntoView();
  let waiting = 0;
  const write = () => {
    const block = Math.max(0, blocks.findIndex((one) => one.getBoundingClientRect().bottom > 0));
    const all = { ...kept(PLACES), [book]: { chapter: number, part, label, block, share: block / blocks.length, at: Date.now() } };
    const latest = Object.entries(all).sort(([, one], [, other]) => other.at - one.at).slice(0, PLACES_MOST);
    keep(PLACES, Object.fromEntries(latest));
  };
  write();
  addEventListener("scroll", () => {
    clearTimeout(waiting);
    waiting = setTimeout(write, 300);
  }, { passive: true });
  addEventListener("pagehide", write);
}

function offerPlace(offer) {
  const book = offer.dataset.resume;
  const place = kept(PLACES)[book];
  if (!place) return;
  const [link, where] = [offer.querySelector("a"), offer.querySelector("[data-where]")];
  const query = new URLSearchParams({ chapter: place.chapter, part: place.part });
  link.href = `${offer.dataset.query}${query}#here`;
  where.textContent = `${place.label || place.chapter}, ${Math.round(100 * place.share)} %`;
  offer.hidden = false;
  offer.querySelector("[data-forget]").addEventListener("click", () => {
    const { [book]: _, ...others } = kept(PLACES);
    keep(PLACES, others);
    offer.hidden = true;
  });
}

for (const tools of document.querySelectorAll("[data-look]")) dressLook(tools);
for (const chapter of document.querySelectorAll("[data-book]")) keepPlace(chapter);
for (const offer of document.querySelectorAll("[data-resume]")) offerPlace(offer);
