// OpenSeadragon on our IIIF tiles, with buttons that are real buttons in the page's language; two pictures move together.
import OpenSeadragon from "openseadragon";

const STEP = 1.5;

// OpenSeadragon writes a style element of its own unless one with this mark is there. The policy of our pages refuses
// inline style, and says so in the console; a marked element that is a "style" by name only keeps it from trying.
function keepStyleOut() {
  if (document.querySelector("style[data-openseadragon-mobile-css]")) return;
  const mark = document.createElementNS("urn:nha-rong", "style");
  mark.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(mark);
}

function viewerIn(holder, tiles, calm, failed) {
  const viewer = OpenSeadragon({
    element: holder,
    // Pages of documents have no tiles: their large picture is one.
    tileSources: tiles.endsWith("/info.json") ? tiles : { type: "image", url: tiles },
    showNavigationControl: false,
    animationTime: calm ? 0 : 0.5,
    maxZoomPixelRatio: 3,
    gestureSettingsMouse: { clickToZoom: false },
    drawer: "canvas",
  });
  viewer.addHandler("open-failed", () => failed?.removeAttribute("hidden"));
  viewer.canvas.setAttribute("role", "application");
  viewer.canvas.setAttribute("aria-label", holder.dataset.name);
  viewer.canvas.setAttribute("aria-describedby", "zoom-keys");
  return viewer;
}

const placeOf = ({ viewport }) => ({ centre: viewport.getCenter(true), zoom: viewport.getZoom(true), turn: viewport.getRotation(true) });

const isSame = (one, other) =>
  one.centre.distanceTo(other.centre) < 1e-6 && Math.abs(one.zoom / other.zoom - 1) < 1e-6 && one.turn === other.turn;

// Each follows the other from where the two stand now, so that pictures of different scale can be laid right first.
function together(one, other) {
  let from = null;
  let put = null;
  function follow(lead, led, here, there) {
    const now = placeOf(lead);
    // Where they move with the hand, what was put in its place moves nothing.
    if (put?.viewer === lead && isSame(now, put.place)) return;
    // A step on a picture that is turned against the other goes another way there, and further where that one is smaller.
    const step = now.centre.minus(here.centre).times(here.zoom / there.zoom).rotate(here.turn - there.turn);
    led.viewport.setRotation(there.turn + now.turn - here.turn, true);
    led.viewport.zoomTo((there.zoom * now.zoom) / here.zoom, null, true);
    led.viewport.panTo(there.centre.plus(step), true);
    put = { viewer: led, place: placeOf(led) };
  }
  for (const [lead, led, at] of [[one, other, 0], [other, one, 1]]) {
    lead.addHandler("viewport-change", () => { if (from) follow(lead, led, from[at], from[1 - at]); });
  }
  return (on) => {
    put = null;
    from = on ? [placeOf(one), placeOf(other)] : null;
  };
}

export function zoom(stage, opener) {
  const pictures = [...stage.querySelectorAll(".pair, .stage-pic, .sheets")];
  const box = stage.querySelector("[data-zooms]");
  const [holder, second] = box.querySelectorAll(".zoom");
  const tools = stage.querySelector(".zoom-tools");
  const offer = opener.closest(".buttons");
  const failed = stage.querySelector("[data-failed]");
  const shown = (isOpen) => {
    for (const one of pictures) one.hidden = isOpen;
    offer.hidden = isOpen;
    box.hidden = tools.hidden = !isOpen;
  };
  shown(true);
  keepStyleOut();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const viewer = viewerIn(holder, opener.dataset.zoom, calm, failed);
  const other = second ? viewerIn(second, second.dataset.second, calm, failed) : null;
  let link = null;
  if (other) {
    let opened = 0;
    for (const one of [viewer, other]) {
      one.addOnceHandler("open", () => {
        opened += 1;
        if (opened < 2) return;
        link = together(viewer, other);
        link(tools.querySelector('[data-act="together"]').getAttribute("aria-pressed") === "true");
      });
    }
  }
  // Buttons move the picture that was touched last; of two that move together it is all the same.
  let current = viewer;
  for (const one of other ? [viewer, other] : []) one.addHandler("canvas-focus", () => { current = one; });
  const acts = {
    in: () => current.viewport.zoomBy(STEP),
    out: () => current.viewport.zoomBy(1 / STEP),
    whole: () => current.viewport.goHome(),
    turn: () => current.viewport.setRotation(current.viewport.getRotation() + 90),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()).catch(() => {}),
    together: (button) => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      link?.(on);
    },
    close: () => {
      if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
      viewer.destroy();
      other?.destroy();
      shown(false);
      tools.removeEventListener("click", act);
      opener.focus();
    },
  };
  function act(event) {
    const button = event.target.closest("[data-act]");
    const name = button?.dataset.act;
    if (!name || !current.viewport) return;
    acts[name](button);
    if (["in", "out", "whole", "turn"].includes(name)) current.viewport.applyConstraints();
  }
  const full = tools.querySelector('[data-act="full"]');
  if (full && stage.requestFullscreen) full.hidden = false;
  tools.addEventListener("click", act);
  viewer.canvas.focus();
}
