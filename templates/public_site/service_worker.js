{% comment %}The values are our own addresses, written as JSON strings.{% endcomment %}// What can be read without a line. The network comes first, always: what is kept is shown only when there is none.
// - SHELL: the page for no connection, with our styles and scripts.
// - PAGES: pages that were opened and carry `Keep-On-Device: open`, with the pictures that they showed; the oldest leave when it is full.
// - ROAD…: lists that a reader took along, one store each (road.js fills them, without cookies).
// While somebody is signed in no page is kept, and signing out removes the lists, too.
// Everything is open to everybody. What is closed or changed since is thrown away at the next contact, before anything of it is shown again.
const KEPT = [{% for address in kept %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const SHELL = "offline-{{ version }}";
const PAGES = "pages-{{ version }}";
const ROAD = "road-";
const CONTACT = "contact";
const STILL_OPEN = "{{ still_open|escapejs }}";
const STATIC = "{{ static|escapejs }}";
// Where people sign out, in each language, and at the desk.
const FAREWELLS = [{% for address in farewells %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const FILES = "/files/";
const PAGES_MOST_BYTES = 16e6;
const ONE_MOST_BYTES = 1.5e6;
const ENTRIES_MOST = 300;
const RENEWED_MOST_BYTES = 2e5;
const ASK_EVERY_MS = 60e3;
const ASKED_AT_ONCE = 100;
const PAGES_AT_ONCE = 15;
// What servers take in one line, with room to spare.
const ADDRESS_MOST = 3000;
const PAGES_RENEWED_MOST = 8;
// So long without a contact nobody knows whether it is still open.
const LEASE_MS = 30 * 86400e3;
const PID = /\/(?:items|files|i|presentation\/3|image\/3)\/([0-9bcdfghjkmnpqrstvwxz]{11})(?![0-9a-z])/g;
const ANY = { ignoreVary: true };

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((store) => store.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(renew());
});

async function renew() {
  const stays = (name) => name === SHELL || name === PAGES || name === CONTACT || name.startsWith(ROAD);
  await Promise.all((await caches.keys()).filter((name) => !stays(name)).map((name) => caches.delete(name)));
  await self.clients.claim();
  // The page that brought this worker was opened before it could be kept.
  for (const client of await self.clients.matchAll({ type: "window" })) {
    const answer = await fetch(client.url, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer) await keepPage(client.url, answer);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && request.method === "POST" && FAREWELLS.includes(address.pathname)) {
    event.respondWith(fetch(request).finally(() => event.waitUntil(forgetAll())));
  } else if (request.method !== "GET") {
    return;
  } else if (request.mode === "navigate") {
    event.respondWith(page(event, address));
  } else if (address.pathname.startsWith(FILES)) {
    event.respondWith(file(event));
  } else if (address.pathname.startsWith(STATIC)) {
    event.respondWith(fetch(request).catch(() => held(request.url).then((found) => found || Response.error())));
  }
});

// Pages that are being kept: their pictures wait for them.
const pending = new Map();

async function page(event, address) {
  const { request } = event;
  try {
    const answer = await fetch(request);
    const settled = settle(request, answer.clone());
    pending.set(plain(request.url), settled);
    event.waitUntil(settled.then(askSometimes).finally(() => pending.delete(plain(request.url))));
    return answer;
  } catch {
    const inEnglish = address.pathname === "/en" || address.pathname.startsWith("/en/");
    return (await held(request.url)) || caches.match(inEnglish ? "/en/offline/" : "/offline/");
  }
}

async function settle(request, answer) {
  const word = answer.headers.get("Keep-On-Device");
  if (word === "nothing") await caches.delete(PAGES);
  else if (word === "open") await keepPage(request.url, answer);
  else if (answer.status >= 200 && answer.status < 500) await forget(request.url);
}

async function keepPage(url, answer) {
  const store = await caches.open(PAGES);
  if (await put(store, plain(url), answer, ONE_MOST_BYTES)) await trim(store);
}

// A picture is kept beside a page that is kept: of what a signed-in reader looks at nothing is.
async function keepPicture(event, answer) {
  const client = await self.clients.get(event.clientId);
  const store = await caches.open(PAGES);
  await pending.get(plain(client?.url ?? ""));
  const isBeside = client && (await store.match(plain(client.url), ANY));
  if (isBeside) await put(store, event.request.url, answer, ONE_MOST_BYTES);
}

// Puts an answer into a store if it says that it is open to everybody; whether it was put.
async function put(store, url, answer, mostBytes) {
  const isFile = new URL(url).pathname.startsWith(FILES);
  const says = (name) => answer.headers.get(name) || "";
  const isOpen = isFile ? says("Cache-Control").startsWith("public") : says("Keep-On-Device") === "open";
  const at = Date.parse(says("Date")) / 1000;
  if (answer.status !== 200 || answer.redirected || !isOpen || !at) return false;
  const body = await answer.blob();
  if (body.size > mostBytes) return false;
  const text = isFile ? url : await body.text();
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary", "Keep-On-Device", "Keep-Seal"]) headers.delete(name);
  headers.set("Kept-At", String(at));
  headers.set("Kept-Bytes", String(body.size));
  headers.set("Kept-Pids", [...new Set(Array.from(text.matchAll(PID), (found) => found[1]))].join(","));
  const { title, lang } = isFile ? { title: "", lang: "" } : calledIn(text);
  headers.set("Kept-Title", encodeURIComponent(title));
  headers.set("Kept-Lang", lang);
  headers.set("Kept-Seal", says("Keep-Seal"));
  await store.put(url, new Response(body, { status: 200, headers }));
  return true;
}

// What a page is called, still written as HTML, and in which language: a title that is the heading's is in the heading's.
function calledIn(text) {
  const [, marks = "", title = ""] = text.match(/<title([^>]*)>([^<]*)<\/title>/) || [];
  const [, headings = "", heading = ""] = text.match(/<h1([^>]*)>([^<]+)/) || [];
  const langIn = (tag) => tag.match(/ lang="([\w-]+)"/)?.[1];
  const own = heading && title.startsWith(heading.trim()) ? langIn(headings) : undefined;
  return { title, lang: langIn(marks) ?? own ?? langIn(text.match(/<html[^>]*>/)?.[0] ?? "") ?? "" };
}

async function trim(store) {
  const keys = await store.keys();
  let sum = 0;
  let count = 0;
  for (const key of keys.reverse()) {
    sum += Number((await store.match(key, ANY))?.headers.get("Kept-Bytes") ?? 0);
    count += 1;
    if (sum > PAGES_MOST_BYTES || count > ENTRIES_MOST) await store.delete(key, ANY);
  }
}

async function file(event) {
  const { request } = event;
  try {
    const answer = await fetch(request);
    if (request.destination === "image") event.waitUntil(keepPicture(event, answer.clone()));
    return answer;
  } catch {
    const found = await held(request.url);
    return found ? part(request, found) : Response.error();
  }
}

// Players ask for ranges, and seek only where they get them.
async function part(request, whole) {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "");
  if (!asked) return whole;
  const body = await whole.blob();
  const first = Number(asked[1]);
  const last = asked[2] ? Math.min(Number(asked[2]), body.size - 1) : body.size - 1;
  if (first > last) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${body.size}` } });
  const headers = new Headers(whole.headers);
  headers.set("Content-Range", `bytes ${first}-${last}/${body.size}`);
  headers.set("Content-Length", String(last - first + 1));
  return new Response(body.slice(first, last + 1, headers.get("Content-Type")), { status: 206, headers });
}

function plain(url) {
  return url.split("#")[0];
}

async function stores() {
  return (await caches.keys()).filter((name) => name === PAGES || name.startsWith(ROAD));
}

async function held(url) {
  const shell = await (await caches.open(SHELL)).match(plain(url), ANY);
  if (shell) return shell;
  const contact = await (await caches.open(CONTACT)).match(STILL_OPEN, ANY);
  const last = contact ? Number(await contact.text()) : 0;
  for (const name of await stores()) {
    const found = await (await caches.open(name)).match(plain(url), ANY);
    if (!found) continue;
    if (Date.now() - Math.max(last, 1000 * Number(found.headers.get("Kept-At"))) < LEASE_MS) return found;
    await forgetAll();
    return null;
  }
  return null;
}

async function forget(url) {
  for (const name of await stores()) await (await caches.open(name)).delete(plain(url), ANY);
}

async function forgetAll() {
  await Promise.all((await stores()).map((name) => caches.delete(name)));
}

let asked = 0;

async function askSometimes() {
  if (Date.now() - asked < ASK_EVERY_MS) return;
  asked = Date.now();
  await askWhatIsOpen();
}

// Each word once, in parts of so many and of no more letters than an address takes; what alone is longer is not asked for.
function inParts(words, most) {
  const parts = [];
  let length = ADDRESS_MOST;
  for (const word of new Set(words)) {
    if (word.length > ADDRESS_MOST) continue;
    length += word.length + 1;
    if (length > ADDRESS_MOST || parts.at(-1)?.length === most) {
      parts.push([]);
      length = word.length;
    }
    parts.at(-1).push(word);
  }
  return parts;
}

async function askWhatIsOpen() {
  const entries = [];
  for (const name of await stores()) {
    const store = await caches.open(name);
    for (const key of await store.keys()) {
      const headers = (await store.match(key, ANY))?.headers;
      const pids = (headers?.get("Kept-Pids") || "").split(",").filter(Boolean);
      const [at, size] = ["Kept-At", "Kept-Bytes"].map((one) => Number(headers?.get(one) ?? 0));
      const seal = headers?.get("Kept-Seal") || "";
      const { pathname, search } = new URL(key.url);
      entries.push({ store, key, pids, page: pathname + search, seal, at, isLight: size < RENEWED_MOST_BYTES, isTaken: name.startsWith(ROAD) });
    }
  }
  const open = await answered("open", entries.flatMap((one) => one.pids), ASKED_AT_ONCE, (part) => `of=${part.join(",")}`);
  if (!open) return;
  const worksAreOpen = (one) => one.pids.every((pid) => open.has(pid) && open.get(pid) <= one.at);
  const closed = entries.filter((one) => !worksAreOpen(one));
  for (const { store, key } of closed) await store.delete(key, ANY);
  // A page with a seal tells more than works: it is the same as long as the seal is.
  const sealed = entries.filter((one) => one.seal && worksAreOpen(one));
  const pages = sealed.map((one) => `page=${encodeURIComponent(one.page)}`);
  const seals = await answered("pages", pages, PAGES_AT_ONCE, (part) => part.join("&"));
  if (!seals) return;
  const unsealed = sealed.filter((one) => seals.get(one.page) !== one.seal);
  for (const { store, key } of unsealed) await store.delete(key, ANY);
  await (await caches.open(CONTACT)).put(STILL_OPEN, new Response(String(Date.now())));
  // What has only changed is fetched anew, as strangers get it: of lists that were taken along pages and small pictures, of pages that were
  // opened a few with seals, which change often; none for whom each kilobyte costs.
  const light = [...closed, ...unsealed].filter((one) => one.isLight);
  const ofPages = navigator.connection?.saveData ? [] : light.filter((one) => one.seal && !one.isTaken).slice(-PAGES_RENEWED_MOST);
  for (const { store, key } of [...light.filter((one) => one.isTaken), ...ofPages]) {
    // Not from the browser's own cache, which may hold for a minute what is closed.
    const asStranger = { credentials: "omit", cache: "no-store", headers: { Accept: "text/html,image/*" } };
    const answer = await fetch(key.url, asStranger).catch(() => null);
    if (answer) await put(store, key.url, answer, RENEWED_MOST_BYTES);
  }
}

// What is answered of these words, by word, so many asked at once; null where there was no answer.
async function answered(name, words, most, question) {
  const found = new Map();
  for (const part of inParts(words, most)) {
    const answer = await fetch(`${STILL_OPEN}?${question(part)}`, { credentials: "omit", cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return null;
    for (const [word, said] of Object.entries((await answer.json())[name])) found.set(word, said);
  }
  return found;
}

self.addEventListener("message", (event) => {
  if (event.data === "ask") event.waitUntil(askWhatIsOpen().then(() => event.ports[0]?.postMessage("asked")));
});
