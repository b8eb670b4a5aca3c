// Moments of a recording: a chapter, a small picture of a sheet, or another source at the same moment.
export function offerMoments(root) {
  for (const link of root.querySelectorAll("a[data-seek]")) {
    link.addEventListener("click", (event) => {
      if (!go(link, Number(link.dataset.seek))) return;
      event.preventDefault();
    });
  }
  for (const sheet of root.querySelectorAll("img[data-sheet]")) {
    sheet.addEventListener("click", (event) => go(sheet, momentAt(sheet, event)));
  }
  for (const button of root.querySelectorAll("button[data-better]")) {
    button.hidden = false;
    button.addEventListener("click", () => better(button));
  }
}

function playerOf(part) {
  return part.closest(".stage")?.querySelector("audio, video");
}

function go(part, seconds) {
  const player = playerOf(part);
  if (!player) return false;
  if (player.readyState) player.currentTime = seconds;
  else player.addEventListener("loadedmetadata", () => { player.currentTime = seconds; }, { once: true });
  player.play();
  return true;
}

function momentAt(sheet, event) {
  const { sheet: first, step, across, tile } = sheet.dataset;
  const [width, height] = tile.split("x").map(Number);
  const box = sheet.getBoundingClientRect();
  const scale = sheet.naturalWidth / box.width;
  const column = Math.floor(((event.clientX - box.left) * scale) / width);
  const row = Math.floor(((event.clientY - box.top) * scale) / height);
  return Number(first) + (row * Number(across) + column) * Number(step);
}

function better(button) {
  const player = playerOf(button);
  const at = player.currentTime;
  const opus = player.canPlayType('audio/ogg; codecs="opus"');
  player.src = opus ? button.dataset.better : button.dataset.otherwise || button.dataset.better;
  player.addEventListener("loadedmetadata", () => { player.currentTime = at; }, { once: true });
  button.hidden = true;
  player.play();
}
