// A film starts as the small MP4 when its play button is pressed. Another way to watch it is chosen, its cost read, and then asked for.
export function offerStream(root) {
  for (const choice of root.querySelectorAll("[data-ways]")) {
    const select = choice.querySelector("select");
    // Without media source extensions (iPhones) the browser's own reader plays playlists, and chooses the picture by itself.
    if (!("MediaSource" in window || "ManagedMediaSource" in window)) {
      for (const option of select.querySelectorAll('[data-height]:not([data-height=""], [data-height="0"])')) option.remove();
    }
    const saving = navigator.connection?.saveData ? select.querySelector("[data-saving]") : null;
    if (saving) saving.selected = true;
    choice.hidden = false;
    choice.querySelector("[data-watch]").addEventListener("click", (event) => start(choice, select, event.currentTarget));
  }
}

async function start(choice, select, button) {
  const stage = choice.closest(".stage");
  const film = stage.querySelector("video");
  const { currentTime: at, playbackRate: rate } = film;
  const [{ value: address, dataset }] = select.selectedOptions;
  button.disabled = true;
  try {
    film.stopStream?.();
    if (!address) {
      film.removeAttribute("src");
      film.load();
    } else if (!("MediaSource" in window || "ManagedMediaSource" in window) && film.canPlayType("application/vnd.apple.mpegurl")) {
      film.src = address;
    } else {
      const { stream } = await import(choice.dataset.module);
      // hls.js wherever it runs: the built-in readers of old Android phones stumble over byte ranges.
      film.stopStream = await stream(film, address, Number(dataset.height));
    }
    const resume = () => { film.currentTime = at; film.playbackRate = rate; };
    if (film.readyState) resume();
    else film.addEventListener("loadedmetadata", resume, { once: true });
    await film.play();
  } catch {
    stage.querySelector("[data-failed]")?.removeAttribute("hidden");
  } finally {
    button.disabled = false;
  }
}
