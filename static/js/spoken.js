// The transcript follows the player, and a press on a time plays from there. Without this, times and parts are links of the page.
export function followSpeech(root) {
  const section = root.querySelector("[data-spoken]");
  const player = document.querySelector(".stage video, .stage audio");
  if (section) dress(section, player);
}

function dress(section, player) {
  const list = section.querySelector("[data-lines]");
  const lines = [...list.querySelectorAll("[data-at]")];
  let current = null;
  let turning = false;

  section.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-seek], a[data-turn]");
    if (!link && player && getSelection().isCollapsed) {
      // The words themselves, too, for a hand on a screen; whoever selects them to copy is left alone.
      const line = event.target.closest(".said")?.closest("[data-at]");
      if (line) seek(player, Number(line.dataset.at));
    }
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.hasAttribute("data-turn")) {
      event.preventDefault();
      turn(link.href);
    } else if (player) {
      event.preventDefault();
      seek(player, Number(link.closest("li").dataset.at));
    }
  });
  if (player) player.addEventListener("timeupdate", follow);

  function follow() {
    if (!section.isConnected) return player.removeEventListener("timeupdate", follow);
    const now = player.currentTime;
    const line = lineAt(lines, now);
    const last = lines.at(-1);
    if (last && now > Number(last.dataset.until) && !player.paused && !turning) {
      const next = section.querySelector('a[data-turn="next"]');
      if (next) turn(next.href);
    }
    if (line === current) return;
    current?.removeAttribute("aria-current");
    current = line;
    if (!line) return;
    line.setAttribute("aria-current", "true");
    // Only the list moves: the page stays where its reader is.
    const above = line.offsetTop - list.offsetTop;
    if (above < list.scrollTop || above + line.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = above - list.clientHeight / 3;
    }
  }

  // Another part or language takes this one's place, so that what plays goes on.
  async function turn(address) {
    turning = true;
    try {
      const response = await fetch(address, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-spoken]");
      if (!response.ok || !fresh) throw new Error(String(response.status));
      const hadFocus = section.contains(document.activeElement);
      const own = document.importNode(fresh, true);
      section.replaceWith(own);
      dress(own, player);
      if (hadFocus) own.querySelector("[data-lines]").focus({ preventScroll: true });
    } catch {
      turning = false;
      if (player?.paused ?? true) location.assign(address);
    }
  }
}

function lineAt(lines, now) {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(lines[middle].dataset.at) <= now + 0.05) low = middle + 1;
    else high = middle;
  }
  const line = lines[low - 1];
  return line && now < Number(line.dataset.until) + 0.25 ? line : null;
}

function seek(player, second) {
  if (player.readyState > 0) player.currentTime = second;
  else player.addEventListener("loadedmetadata", () => { player.currentTime = second; }, { once: true });
  player.play()?.catch(() => {});
}
