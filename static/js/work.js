// A file that is still being worked on: ask how far it is, show the percent, and fill its place when it is done.
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30000;
const GROWTH = 1.5;

export function watchWork(root, dress) {
  for (const place of root.querySelectorAll("[data-status]")) follow(place, dress, FIRST_WAIT_MS);
}

function follow(place, dress, waitMs) {
  const again = (nextMs) => follow(place, dress, Math.min(nextMs, LONGEST_WAIT_MS));
  setTimeout(async () => {
    if (!place.isConnected) return;
    if (document.hidden) return again(waitMs);
    let answer;
    try {
      const response = await fetch(place.dataset.status, { headers: { Accept: "application/json" } });
      if (response.status >= 500) return again(waitMs * GROWTH);
      if (!response.ok) return;
      answer = await response.json();
    } catch {
      return again(waitMs * GROWTH);
    }
    if (answer.is_final) return fill(place, dress);
    const moved = show(place, answer.percent);
    again(moved ? FIRST_WAIT_MS : waitMs * GROWTH);
  }, waitMs);
}

// True when the percent is another one than before.
function show(place, percent) {
  const bar = place.querySelector("progress");
  const text = place.querySelector("[data-percent]");
  if (!bar || typeof percent !== "number") return false;
  const whole = Math.round(percent);
  const moved = bar.value !== whole;
  bar.value = whole;
  if (text) text.textContent = `${whole} %`;
  return moved;
}

// Take the same place out of the page as it is now. Whoever was typing or reading elsewhere is not disturbed.
async function fill(place, dress) {
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById(place.id);
    if (!fresh) return;
    const own = document.importNode(fresh, true);
    place.replaceWith(own);
    dress(own);
    if (own.dataset.status) follow(own, dress, LONGEST_WAIT_MS);
  } catch {
    // The next visit shows it.
  }
}
