// A film starts as the small MP4 when its play button is pressed. Better quality is a second, deliberate press.
export function offerStream(root) {
  for (const button of root.querySelectorAll("button[data-stream]")) {
    button.hidden = false;
    button.addEventListener("click", () => start(button));
  }
}

async function start(button) {
  const stage = button.closest(".stage");
  const film = stage.querySelector("video");
  const at = film.currentTime;
  button.disabled = true;
  try {
    // hls.js wherever it runs: the built-in readers of old Android phones stumble over byte ranges. iPhones have only theirs.
    if (!("MediaSource" in window) && film.canPlayType("application/vnd.apple.mpegurl")) {
      film.src = button.dataset.stream;
    } else {
      const { stream } = await import(button.dataset.module);
      await stream(film, button.dataset.stream);
    }
    film.addEventListener("loadedmetadata", () => { film.currentTime = at; }, { once: true });
    button.hidden = true;
    await film.play();
  } catch {
    button.disabled = false;
    stage.querySelector("[data-failed]")?.removeAttribute("hidden");
  }
}
