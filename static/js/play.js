// A player's own buttons, in the page's language and large enough for a thumb. They take the place of the browser's once they are there;
// over the whole screen the browser's come back.
import { clock } from "./wave.js";

export function takeOver(player, tools) {
  const play = tools.querySelector("[data-play]");
  const told = tools.querySelector("[data-clock]");
  const length = Number(tools.dataset.seconds) || 0;
  let waits = false;
  const show = () => {
    play.textContent = player.paused ? play.dataset.play : play.dataset.pause;
    const whole = player.duration || length;
    told.textContent = waits ? told.dataset.waiting : clock(player.currentTime) + (whole ? ` / ${clock(whole)}` : "");
  };
  const fetching = () => { waits = !player.paused && player.readyState < 3; show(); };
  const toggle = () => {
    if (player.paused) {
      player.play().catch((error) => {
        // Another press, or another source, is no failure.
        if (error.name !== "AbortError") player.closest(".stage")?.querySelector("[data-failed]")?.removeAttribute("hidden");
      });
    } else player.pause();
  };
  player.controls = false;
  play.addEventListener("click", toggle);
  for (const event of ["timeupdate", "durationchange", "seeked", "ended"]) player.addEventListener(event, show);
  for (const event of ["play", "waiting", "playing", "pause", "emptied"]) player.addEventListener(event, fetching);
  mute(player, tools.querySelector("[data-mute]"));
  if (player.matches("video")) {
    player.addEventListener("click", toggle);
    enlarge(player, tools.querySelector("[data-full]"));
    subtitle(player, tools.querySelector("[data-subtitles]"));
  }
  show();
}

function mute(player, button) {
  if (!button) return;
  button.addEventListener("click", () => { player.muted = !player.muted; });
  player.addEventListener("volumechange", () => button.setAttribute("aria-pressed", String(player.muted)));
}

function enlarge(film, button) {
  if (!button) return;
  button.hidden = !(film.requestFullscreen || film.webkitEnterFullscreen);
  button.addEventListener("click", () => {
    if (film.requestFullscreen) film.requestFullscreen().catch(() => {});
    else film.webkitEnterFullscreen();
  });
  film.addEventListener("fullscreenchange", () => { film.controls = document.fullscreenElement === film; });
}

function subtitle(film, select) {
  if (!select) return;
  const tracks = [...film.querySelectorAll("track[kind=subtitles]")].map((one) => one.track);
  const shown = () => { select.value = String(tracks.findIndex((track) => track.mode === "showing")); };
  select.addEventListener("change", () => {
    tracks.forEach((track, number) => { track.mode = number === Number(select.value) ? "showing" : "disabled"; });
  });
  film.textTracks.addEventListener("change", shown);
  shown();
}
