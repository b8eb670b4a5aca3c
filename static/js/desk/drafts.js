// What is typed is kept on the server every few seconds and when the page goes away, so that a power cut takes little of it.
const EVERY_MS = 3000;
const BEACON_CHARS_MOST = 60000;

export function keepDrafts(root) {
  const state = root.querySelector("[data-draft]");
  const form = state?.closest("form");
  // Where an older one is offered, it is not overwritten before its owner has chosen.
  if (!form || root.querySelector("[data-draft-offer]")) return;
  const address = state.dataset.draft;
  let first = null;
  let kept = null;
  let leaving = false;
  let going = null;

  const start = () => {
    if (first !== null) return;
    first = kept = state.dataset.bound ? "" : written(form);
  };
  for (const name of ["pointerdown", "keydown", "focusin"]) addEventListener(name, start, { capture: true, once: true });
  addEventListener("load", () => setTimeout(start, 500));
  form.addEventListener("submit", () => {
    leaving = true;
    going?.abort();
  });
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("pagehide", beacon);
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") beacon();
  });
  setInterval(look, EVERY_MS);

  function body(now, { discard } = {}) {
    const sent = new FormData();
    sent.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    sent.set("read_version", form.querySelector("[name=read_version]")?.value ?? "0");
    if (discard) sent.set("discard", "1");
    else sent.set("fields", now);
    return sent;
  }

  async function look() {
    if (first === null || leaving || going) return;
    const now = written(form);
    if (now === kept) return;
    going = new AbortController();
    try {
      const answer = await fetch(address, { method: "POST", body: body(now, { discard: now === first }), signal: going.signal, redirect: "manual" });
      if (now === first && answer.type === "opaqueredirect") {
        kept = now;
        state.textContent = "";
      } else if (answer.headers.get("Content-Type")?.includes("json")) {
        const told = await answer.json();
        kept = now;
        state.textContent = told.refused ?? state.dataset.sayKept.replace("TIME", told.kept);
      } else state.textContent = state.dataset.sayOut;
    } catch {
      if (!leaving) state.textContent = state.dataset.sayBroken;
    } finally {
      going = null;
    }
  }

  function beacon() {
    if (first === null || leaving) return;
    const now = written(form);
    if (now === kept || now === first || now.length > BEACON_CHARS_MOST) return;
    if (navigator.sendBeacon(address, body(now))) kept = now;
  }
}

// Names and texts in their order; no file, no token, no button.
function written(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/^(csrf|_)/.test(name));
  return JSON.stringify(fields);
}
