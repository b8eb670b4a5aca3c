// The drawn sound follows the player, and a press on it moves there. The player itself stays the browser's own.
export function linkWaves(root) {
  for (const drawing of root.querySelectorAll("svg[data-wave]")) {
    const player = drawing.closest(".stage")?.querySelector("audio");
    const past = drawing.querySelector("rect[data-past]");
    if (!player || !past) continue;
    const width = drawing.viewBox.baseVal.width;
    player.addEventListener("timeupdate", () => {
      if (player.duration) past.setAttribute("width", String((width * player.currentTime) / player.duration));
    });
    drawing.addEventListener("click", (event) => {
      const box = drawing.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      if (player.duration) player.currentTime = share * player.duration;
      else {
        player.addEventListener("loadedmetadata", () => { player.currentTime = share * player.duration; }, { once: true });
        player.play();
      }
    });
  }
}
