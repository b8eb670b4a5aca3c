// Left and right arrows turn the pages of a document where the page has links for it.
export function turnPages(root) {
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, audio, video, .zoom")) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (rel) root.querySelector(`.leaf-nav a[rel="${rel}"]`)?.click();
  });
}
