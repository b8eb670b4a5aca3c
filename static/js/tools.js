// Buttons beside a player: play, ten seconds back and on, its speed. And its bar, over a film with a small picture of the place pointed at.
import { takeOver } from "./play.js";
import { clock, whenKnown } from "./wave.js";
import { wear } from "./wear.js";

const playerOf = (part) => part.closest(".stage, .exhibit-thing")?.querySelector("audio, video");

export function offerTools(root) {
  for (const tools of root.querySelectorAll("[data-tools]")) {
    const player = playerOf(tools);
    if (!player) continue;
    tools.hidden = false;
    takeOver(player, tools);
    for (const button of tools.querySelectorAll("[data-skip]")) {
      const step = Number(button.dataset.skip);
      button.addEventListener("click", () => whenKnown(player, () => { player.currentTime += step; }));
    }
    const speed = tools.querySelector("[data-speed]");
    speed?.addEventListener("change", () => { player.playbackRate = player.defaultPlaybackRate = Number(speed.value); });
    player.addEventListener("ratechange", () => { if (speed) speed.value = String(player.playbackRate); });
  }
  for (const bar of root.querySelectorAll("[data-bar]")) dressBar(bar);
}

function dressBar(bar) {
  const player = playerOf(bar);
  if (!player) return;
  const [range, peek] = [bar.querySelector("input"), bar.querySelector(".peek")];
  const sheets = peek ? [...bar.closest(".stage").querySelectorAll("img[data-sheet]")] : [];
  bar.hidden = false;
  const name = (second) => range.setAttribute("aria-valuetext", `${clock(second)} / ${clock(Number(range.max))}`);
  const show = (second, share) => {
    if (!sheets.length) return;
    wear(bar.dataset.style);
    picture(peek.querySelector("svg"), sheets, second);
    peek.style.insetInlineStart = `${Math.max(0, Math.min(share * bar.clientWidth - 80, bar.clientWidth - 160))}px`;
    peek.hidden = false;
  };
  const hide = () => { if (peek) peek.hidden = true; };
  name(0);
  range.addEventListener("input", () => {
    name(Number(range.value));
    show(Number(range.value), Number(range.value) / Number(range.max));
  });
  range.addEventListener("change", () => whenKnown(player, () => { player.currentTime = Number(range.value); }));
  range.addEventListener("pointermove", (event) => {
    const box = range.getBoundingClientRect();
    const share = Math.max(0, Math.min((event.clientX - box.left) / box.width, 1));
    show(share * Number(range.max), share);
  });
  range.addEventListener("pointerleave", hide);
  range.addEventListener("blur", hide);
  player.addEventListener("durationchange", () => { if (Number.isFinite(player.duration)) range.max = String(Math.floor(player.duration)); });
  player.addEventListener("timeupdate", () => {
    if (document.activeElement === range && peek && !peek.hidden) return;
    range.value = String(player.currentTime);
    name(player.currentTime);
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
