// A list for the road: how much it is, fetched when asked, shown while it comes, removed when asked. Everything is fetched without cookies, so it
// is what a stranger gets; and only what says that it may be kept is kept. The service worker shows it when there is no line.
const AT_ONCE = 3;
const WIDE = "(min-width: 60em)";
const LEFT_OUT = ["Content-Encoding", "Content-Length", "Vary", "Keep-On-Device"];
const PID = /\/(?:items|files|i|presentation\/3|image\/3)\/([0-9bcdfghjkmnpqrstvwxz]{11})(?![0-9a-z])/g;

export function offerRoad(root) {
  const section = root.querySelector("[data-road]");
  if (section && "caches" in globalThis && "serviceWorker" in navigator) new Road(section).begin();
}

class Road {
  constructor(section) {
    this.section = section;
    this.words = section.dataset;
    this.said = section.querySelector("[data-said]");
    this.bar = section.querySelector("progress");
    this.stopped = null;
    section.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act) this[act]();
    });
  }

  async begin() {
    try {
      const answer = await fetch(this.words.road, { credentials: "omit" });
      if (!answer.ok) return;
      this.load = await answer.json();
    } catch {
      this.load = null;
    }
    this.section.hidden = false;
    await this.show();
  }

  wanted() {
    const player = document.createElement("audio");
    const isWide = matchMedia(WIDE).matches;
    const files = this.load.files
      .filter((one) => isWide || !one.wide)
      .map((one) => one.choices.find((choice) => !/^(audio|video)\//.test(choice.type) || player.canPlayType(choice.type)) || one.choices[0]);
    const known = new Map(files.map((one) => [one.address, { address: one.address, also: [], bytes: one.bytes, isFile: true }]));
    return [...this.load.pages, ...known.values()];
  }

  async show() {
    const store = (await caches.has(this.words.store)) ? await caches.open(this.words.store) : null;
    const kept = store ? await keptBytes(store) : 0;
    this.offer("remove", store !== null);
    this.offer("stop", false);
    this.bar.hidden = true;
    if (!this.load) {
      this.tell(store ? this.fill("kept", { size: size(kept) }) : "");
      this.offer("keep", false);
      return;
    }
    const wanted = this.wanted();
    const missing = store ? await missingOf(store, wanted) : wanted;
    this.offer("keep", this.load.count > 0 && missing.length > 0);
    if (!this.load.count) this.tell(this.words.nothing);
    else if (store && !missing.length) this.tell(this.fill("kept", { size: size(kept) }));
    else {
      const ready = this.fill("ready", { size: size(sum(missing)), count: this.load.count });
      const long = this.load.cut.map((title) => `${this.words.long}: ${title}.`);
      this.tell([store ? this.words.partly : "", ready, ...long].filter(Boolean).join(" "));
    }
  }

  async keep() {
    const wanted = this.wanted();
    const store = await caches.open(this.words.store);
    const missing = await missingOf(store, wanted);
    const room = (await navigator.storage?.estimate?.()) ?? {};
    if (room.quota && room.quota - room.usage < 1.1 * sum(missing)) return this.tell(this.words.full);
    this.stopped = new AbortController();
    const { signal } = this.stopped;
    this.offer("keep", false);
    this.offer("remove", false);
    this.offer("stop", true);
    this.bar.hidden = false;
    const whole = sum(missing);
    let done = 0;
    let failed = 0;
    const queue = [...missing];
    const worker = async () => {
      for (let one = queue.shift(); one && !signal.aborted; one = queue.shift()) {
        if (!(await fetchInto(store, one, signal))) failed += 1;
        done += one.bytes;
        this.bar.value = done / whole;
        this.tell(this.fill("going", { percent: `${Math.floor((100 * done) / whole)} %` }));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await navigator.storage?.persist?.().catch(() => {});
    await this.show();
    if (failed && !signal.aborted) this.tell(this.words.failed);
    this.section.dataset.state = signal.aborted ? "stopped" : failed ? "failed" : "kept";
  }

  stop() {
    this.stopped?.abort();
  }

  async remove() {
    await caches.delete(this.words.store);
    this.section.dataset.state = "removed";
    await this.show();
  }

  offer(act, isOffered) {
    this.section.querySelector(`[data-act="${act}"]`).hidden = !isOffered;
  }

  tell(text) {
    this.said.textContent = text;
  }

  fill(name, values) {
    return this.words[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  }
}

function sum(parts) {
  return parts.reduce((all, one) => all + one.bytes, 0);
}

// As the pages write sizes: powers of ten, one digit behind the comma.
function size(bytes) {
  const [value, unit] = bytes >= 1e9 ? [bytes / 1e9, "GB"] : bytes >= 1e6 ? [bytes / 1e6, "MB"] : [bytes / 1e3, "kB"];
  return `${value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: value < 100 ? 1 : 0 })} ${unit}`;
}

async function keptBytes(store) {
  let all = 0;
  for (const key of await store.keys()) all += Number((await store.match(key, { ignoreVary: true }))?.headers.get("Kept-Bytes") ?? 0);
  return all;
}

async function missingOf(store, wanted) {
  const there = new Set((await store.keys()).map((key) => key.url));
  return wanted.filter((one) => !there.has(new URL(one.address, location.origin).href));
}

// As the service worker writes it: what a page is called, as HTML, and in which language; a title that is the heading's is in the heading's.
function calledIn(text) {
  const [, marks = "", title = ""] = text.match(/<title([^>]*)>([^<]*)<\/title>/) || [];
  const [, headings = "", heading = ""] = text.match(/<h1([^>]*)>([^<]+)/) || [];
  const langIn = (tag) => tag.match(/ lang="([\w-]+)"/)?.[1];
  const own = heading && title.startsWith(heading.trim()) ? langIn(headings) : undefined;
  return { title, lang: langIn(marks) ?? own ?? langIn(text.match(/<html[^>]*>/)?.[0] ?? "") ?? "" };
}

async function fetchInto(store, one, signal) {
  try {
    const answer = await fetch(one.address, { credentials: "omit", cache: "no-store", signal, headers: one.isFile ? {} : { Accept: "text/html" } });
    const isOpen = one.isFile
      ? (answer.headers.get("Cache-Control") || "").startsWith("public")
      : answer.headers.get("Keep-On-Device") === "open";
    const at = Date.parse(answer.headers.get("Date")) / 1000;
    if (answer.status !== 200 || answer.redirected || !isOpen || !at) return false;
    const body = await answer.blob();
    const text = one.isFile ? one.address : await body.text();
    const pids = [...new Set(Array.from(text.matchAll(PID), (found) => found[1]))];
    const { title, lang } = one.isFile ? { title: "", lang: "" } : calledIn(text);
    for (const [place, address] of [one.address, ...one.also].entries()) {
      const headers = new Headers(answer.headers);
      for (const name of LEFT_OUT) headers.delete(name);
      headers.set("Kept-At", String(at));
      headers.set("Kept-Bytes", String(place ? 0 : body.size));
      headers.set("Kept-Pids", pids.join(","));
      headers.set("Kept-Title", encodeURIComponent(title));
      headers.set("Kept-Lang", lang);
      await store.put(address, new Response(body, { status: 200, headers }));
    }
    return true;
  } catch {
    return false;
  }
}
