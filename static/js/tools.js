// Buttons beside a player: ten seconds back and on, and its speed. And the bar of a film, with a small picture of the place pointed at.
import { clock, whenKnown } from "./wave.js";
import { wear } from "./wear.js";

export function offerTools(root) {
  for (const tools of root.querySelectorAll("[data-tools]")) {
    const player = tools.closest(".stage")?.querySelector("audio, video");
    if (!player) continue;
    tools.hidden = false;
    for (const button of tools.querySelectorAll("[data-skip]")) {
      const step = Number(button.dataset.skip);
      button.addEventListener("click", () => whenKnown(player, () => { player.currentTime += step; }));
    }
    const speed = tools.querySelector("[data-speed]");
    speed.addEventListener("change", () => { player.playbackRate = player.defaultPlaybackRate = Number(speed.value); });
    player.addEventListener("ratechange", () => { speed.value = String(player.playbackRate); });
  }
  for (const bar of root.querySelectorAll("[data-bar]")) dressBar(bar);
}

function dressBar(bar) {
  const stage = bar.closest(".stage");
  const film = stage?.querySelector("video");
  const [range, peek] = [bar.querySelector("input"), bar.querySelector(".peek")];
  const sheets = [...stage.querySelectorAll("img[data-sheet]")];
  if (!film || !sheets.length) return;
  bar.hidden = false;
  const name = (second) => range.setAttribute("aria-valuetext", `${clock(second)} / ${clock(Number(range.max))}`);
  const show = (second, share) => {
    wear(bar.dataset.style);
    picture(peek.querySelector("svg"), sheets, second);
    peek.style.insetInlineStart = `${Math.max(0, Math.min(share * bar.clientWidth - 80, bar.clientWidth - 160))}px`;
    peek.hidden = false;
  };
  const hide = () => { peek.hidden = true; };
  name(0);
  range.addEventListener("input", () => {
    name(Number(range.value));
    show(Number(range.value), Number(range.value) / Number(range.max));
  });
  range.addEventListener("change", () => whenKnown(film, () => { film.currentTime = Number(range.value); }));
  range.addEventListener("pointermove", (event) => {
    const box = range.getBoundingClientRect();
    const share = Math.max(0, Math.min((event.clientX - box.left) / box.width, 1));
    show(share * Number(range.max), share);
  });
  range.addEventListener("pointerleave", hide);
  range.addEventListener("blur", hide);
  film.addEventListener("timeupdate", () => {
    if (document.activeElement === range && !peek.hidden) return;
    range.value = String(film.currentTime);
    name(film.currentTime);
  });
}

// One picture cut out of its sheet: a sheet of about 60 kB is fetched when a place on it is pointed at first.
function picture(peek, sheets, second) {
  const sheet = sheets.filter((one) => Number(one.dataset.sheet) <= second).pop();
  if (!sheet) return;
  const { sheet: first, step, across, tile } = sheet.dataset;
  const [width, height] = tile.split("x").map(Number);
  const at = Math.floor((second - Number(first)) / Number(step));
  const [x, y] = [(at % Number(across)) * width, Math.floor(at / Number(across)) * height];
  const image = peek.querySelector("image");
  peek.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  peek.setAttribute("width", "160");
  peek.setAttribute("height", String(Math.round((160 * height) / width)));
  if (image.getAttribute("href") !== sheet.src) {
    image.setAttribute("href", sheet.src);
    image.setAttribute("width", sheet.getAttribute("width"));
    image.setAttribute("height", sheet.getAttribute("height"));
  }
}
