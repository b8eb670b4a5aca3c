// OpenSeadragon on our IIIF tiles, with buttons that are real buttons in the page's language.
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

export function zoom(stage, opener) {
  const picture = stage.querySelector(".stage-pic");
  const holder = stage.querySelector(".zoom");
  const tools = stage.querySelector(".zoom-tools");
  const offer = opener.closest(".buttons");
  picture.hidden = true;
  offer.hidden = true;
  holder.hidden = false;
  tools.hidden = false;
  keepStyleOut();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const viewer = OpenSeadragon({
    element: holder,
    tileSources: opener.dataset.zoom,
    showNavigationControl: false,
    animationTime: calm ? 0 : 0.5,
    maxZoomPixelRatio: 3,
    gestureSettingsMouse: { clickToZoom: false },
    drawer: "canvas",
  });
  const failed = stage.querySelector("[data-failed]");
  viewer.addHandler("open-failed", () => failed?.removeAttribute("hidden"));
  const acts = {
    in: () => viewer.viewport.zoomBy(STEP),
    out: () => viewer.viewport.zoomBy(1 / STEP),
    whole: () => viewer.viewport.goHome(),
    turn: () => viewer.viewport.setRotation(viewer.viewport.getRotation() + 90),
    close: () => {
      viewer.destroy();
      picture.hidden = offer.hidden = false;
      holder.hidden = tools.hidden = true;
      tools.removeEventListener("click", act);
      opener.focus();
    },
  };
  function act(event) {
    const name = event.target.closest("[data-act]")?.dataset.act;
    if (!name) return;
    acts[name]();
    if (name !== "close") viewer.viewport.applyConstraints();
  }
  tools.addEventListener("click", act);
  viewer.canvas.focus();
}
