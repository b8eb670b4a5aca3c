// The page for no connection: what is kept on this device, lists first.
// Within a frame of words of a community pages are Vietnamese, and the same work may be kept with it and without.
const PAGE = /^\/(?:[a-z]{2,3}\/)?((?:items|lists|collections|peoples|places|subjects|exhibits|agents)\/[^/]+\/(?:[^/]+\/)?)$/;

async function showKept(place) {
  const english = document.documentElement.lang === "en";
  const seen = new Map();
  const names = (await caches.keys()).filter((name) => name.startsWith("road-") || name.startsWith("pages-"));
  for (const name of names.sort().reverse()) {
    const store = await caches.open(name);
    for (const key of await store.keys()) {
      const { pathname, search } = new URL(key.url);
      const bare = PAGE.exec(pathname)?.[1];
      if (search || !bare || pathname.startsWith("/en/") !== english || seen.has(bare)) continue;
      const { headers } = await store.match(key, { ignoreVary: true });
      const text = new DOMParser().parseFromString(decodeURIComponent(headers.get("Kept-Title") || ""), "text/html").documentElement.textContent;
      seen.set(bare, { path: pathname, title: text.split(" · ")[0] || pathname, lang: headers.get("Kept-Lang") || "" });
    }
  }
  const list = document.createElement("ul");
  place.append(list);
  const isList = ({ path }) => Number(!/\/lists\//.test(path));
  for (const { path, title, lang } of [...seen.values()].sort((one, other) => isList(one) - isList(other))) {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = path;
    link.textContent = title;
    if (lang && lang !== document.documentElement.lang) link.lang = lang;
    row.append(link);
    list.append(row);
  }
  place.hidden = !seen.size;
}

const place = document.querySelector("[data-kept]");
if (place && "caches" in globalThis) showKept(place);
