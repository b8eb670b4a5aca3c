// The drawn sound follows the player, and is a slider: a press moves there, and so do the keys.
const STEPS_S = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -30, PageUp: 30, Home: -Infinity, End: Infinity };

export function linkWaves(root) {
  for (const drawing of root.querySelectorAll("svg[data-wave]")) {
    const player = drawing.closest(".stage")?.querySelector("audio");
    const past = drawing.querySelector("rect[data-past]");
    if (player && past) link(drawing, player, past);
  }
}

export function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

// Runs once the length of a recording is known. Before that nothing of it has been fetched: to ask for a place in it is to ask for it.
export function whenKnown(player, act) {
  if (player.readyState) act();
  else {
    player.addEventListener("loadedmetadata", act, { once: true });
    player.play()?.catch(() => {});
  }
}

function link(drawing, player, past) {
  const width = drawing.viewBox.baseVal.width;
  const length = Number(drawing.dataset.seconds);
  const show = () => {
    if (player.duration) past.setAttribute("width", String((width * player.currentTime) / player.duration));
    drawing.setAttribute("aria-valuenow", String(Math.floor(player.currentTime)));
    drawing.setAttribute("aria-valuetext", `${clock(player.currentTime)} / ${clock(player.duration || length)}`);
  };
  drawing.removeAttribute("aria-hidden");
  drawing.setAttribute("role", "slider");
  drawing.setAttribute("tabindex", "0");
  drawing.setAttribute("aria-label", drawing.dataset.name);
  drawing.setAttribute("aria-valuemin", "0");
  drawing.setAttribute("aria-valuemax", String(length));
  show();
  player.addEventListener("timeupdate", show);
  player.addEventListener("seeked", show);
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    whenKnown(player, () => { player.currentTime = share * player.duration; });
  });
  drawing.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " ") {
      if (player.paused) player.play()?.catch(() => {});
      else player.pause();
    } else if (event.key in STEPS_S) {
      whenKnown(player, () => {
        player.currentTime = Math.max(0, Math.min(player.currentTime + STEPS_S[event.key], player.duration - 0.1));
      });
    } else return;
    event.preventDefault();
  });
}
