// The way to a new note names the place that is on view now: the second that plays, the page or chapter turned to since.
export function noteWhereOneIs(root) {
  root.addEventListener("click", ({ target }) => {
    const link = target.closest("a[data-note]");
    if (!link) return;
    const player = document.querySelector("audio, video");
    const { searchParams: shown } = new URL(location.href);
    const at = player ? Math.floor(player.currentTime) : shown.get("page") || shown.get("chapter");
    if (!at) return;
    const address = new URL(link.href);
    address.searchParams.set("at", at);
    link.href = address.href;
  });
}
