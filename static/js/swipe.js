// A finger drawn sideways over a page or a picture turns to the next, as the links beside it do. Not while the picture is drawn larger.
const FAR_PX = 60;
const STEEP = 0.5;

export function turnBySwiping(root) {
  let start = null;
  const drop = () => { start = null; };
  root.addEventListener("touchstart", (event) => {
    const at = event.touches[0];
    const free = event.touches.length === 1 && event.target.closest(".sheets, .stage-pic") && !event.target.closest("video, audio, .zoom");
    start = free && (globalThis.visualViewport?.scale ?? 1) < 1.05 ? { x: at.clientX, y: at.clientY } : null;
  }, { passive: true });
  root.addEventListener("touchcancel", drop, { passive: true });
  root.addEventListener("touchend", (event) => {
    if (!start || event.touches.length || !getSelection().isCollapsed) return drop();
    const { clientX, clientY } = event.changedTouches[0];
    const [across, down] = [clientX - start.x, clientY - start.y];
    drop();
    if (Math.abs(across) >= FAR_PX && Math.abs(down) <= STEEP * Math.abs(across)) turn(root, across < 0);
  }, { passive: true });
}

function turn(root, isOn) {
  const pages = root.querySelector(`.leaf-nav a[rel="${isOn ? "next" : "prev"}"]`);
  if (pages) return pages.click();
  const here = root.querySelector(".strip [aria-current]")?.closest("li");
  (isOn ? here?.nextElementSibling : here?.previousElementSibling)?.querySelector("a")?.click();
}
