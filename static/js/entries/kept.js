// The page for no connection: what is kept on this device, lists first.
const PAGE = /^\/(?:en\/)?(?:items|lists|collections|peoples|places|subjects)\/[^/]+\/$/;

async function showKept(place) {
  const english = document.documentElement.lang === "en";
  const seen = new Map();
  const names = (await caches.keys()).filter((name) => name.startsWith("road-") || name.startsWith("pages-"));
  for (const name of names.sort().reverse()) {
    const store = await caches.open(name);
    for (const key of await store.keys()) {
      const { pathname, search } = new URL(key.url);
      if (search || !PAGE.test(pathname) || pathname.startsWith("/en/") !== english || seen.has(pathname)) continue;
      const coded = (await store.match(key, { ignoreVary: true })).headers.get("Kept-Title") || "";
      const title = new DOMParser().parseFromString(decodeURIComponent(coded), "text/html").documentElement.textContent;
      seen.set(pathname, title.split(" · ")[0] || pathname);
    }
  }
  const list = document.createElement("ul");
  place.append(list);
  const isList = (path) => Number(!/\/lists\//.test(path));
  for (const [path, title] of [...seen].sort(([a], [b]) => isList(a) - isList(b))) {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = path;
    link.textContent = title;
    row.append(link);
    list.append(row);
  }
  place.hidden = !seen.size;
}

const place = document.querySelector("[data-kept]");
if (place && "caches" in globalThis) showKept(place);
