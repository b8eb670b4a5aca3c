// Files dropped on an item go up by tus: in pieces, resumed after any break, two at a time.
import { Upload } from "tus-js-client";

// Small enough that a request on a slow line does not hold a thread of the server for hours.
const PIECE_BYTES = 16 * 1024 * 1024;
const HASHED_UP_TO_BYTES = 64 * 1024 * 1024;
const AT_ONCE = 2;
const RETRY_AFTER_MS = [500, 2000, 5000, 10000, 20000, 30000, 60000, 60000, 60000, 60000];

export function receiveFiles(files, watcher) {
  const drop = files.querySelector("[data-drop]");
  if (!drop) return;
  const input = drop.querySelector("[data-input]");
  const list = files.querySelector("[data-cards]");
  const say = files.dataset;
  const waiting = [];
  let going = 0;

  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  addEventListener("beforeunload", (event) => {
    if (going || waiting.length) event.preventDefault();
  });

  function take(chosen) {
    // What was said of them when they were chosen; the next ones may be something else.
    const said = {};
    for (const field of drop.querySelectorAll("[data-as]")) {
      if (field.value.trim()) said[field.dataset.as] = field.value.trim();
    }
    for (const file of chosen) waiting.push({ file, card: newCard(file), said });
    next();
  }

  function next() {
    while (going < AT_ONCE && waiting.length) {
      going += 1;
      const { file, card, said } = waiting.shift();
      send(file, card, said)
        .catch((error) => fail(card, error))
        .finally(() => {
          going -= 1;
          delete card.dataset.sending;
          watcher.again();
          next();
        });
    }
  }

  async function send(file, card, said) {
    const metadata = { filename: file.name, item: say.item, ...said };
    const sha256 = await hashOf(file);
    if (sha256) metadata.sha256 = sha256;
    return new Promise((resolve, reject) => {
      const upload = new Upload(file, {
        endpoint: say.endpoint,
        chunkSize: PIECE_BYTES,
        retryDelays: RETRY_AFTER_MS,
        removeFingerprintOnSuccess: true,
        fingerprint: async (one) => ["nha-rong", say.item, one.name, one.size, one.lastModified].join("/"),
        metadata,
        // Read anew each time: a sign-in in another window changes it.
        onBeforeRequest: (request) => request.setHeader("X-CSRFToken", cookie("csrf")),
        onAfterResponse: (request, response) => {
          const pid = response.getHeader("Upload-File");
          if (pid) adopt(card, pid);
        },
        onShouldRetry: (error) => {
          const status = error.originalResponse?.getStatus() ?? 0;
          const passes = status === 0 || status >= 500 ? status !== 507 : status === 409 || status === 423 || status === 460;
          if (passes) tell(card, say.sayRetry);
          return passes;
        },
        onProgress: (sent, total) => {
          const percent = total ? Math.floor((100 * sent) / total) : 100;
          card.querySelector("[data-bar]").value = percent;
          tell(card, say.saySending.replace("PERCENT", percent));
        },
        onError: reject,
        onSuccess: () => {
          tell(card, say.saySent);
          card.querySelector("[data-stop]")?.remove();
          const hint = document.createElement("span");
          hint.className = "quiet";
          hint.textContent = say.sayNew;
          card.querySelector(".card-name").append(hint);
          resolve();
        },
      });
      stopButton(card, async () => {
        await upload.abort(true).catch(() => {});
        upload.options.onError = () => {};
        card.remove();
        resolve();
      });
      upload
        .findPreviousUploads()
        .then((earlier) => {
          if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
          upload.start();
        })
        .catch(reject);
    });
  }

  function newCard(file) {
    const card = document.createElement("li");
    card.className = "card new";
    card.dataset.sending = "1";
    const head = card.appendChild(document.createElement("div"));
    head.className = "card-head";
    const preview = head.appendChild(document.createElement("span"));
    preview.className = "preview";
    preview.dataset.preview = "";
    const body = head.appendChild(document.createElement("span"));
    body.className = "card-name";
    body.appendChild(document.createElement("strong")).textContent = file.name;
    const bar = body.appendChild(document.createElement("progress"));
    bar.max = 100;
    bar.value = 0;
    bar.dataset.bar = "";
    bar.setAttribute("aria-label", file.name);
    const sentence = body.appendChild(document.createElement("span"));
    sentence.className = "sentence";
    sentence.dataset.sentence = "";
    sentence.textContent = say.sayWaiting;
    list.append(card);
    return card;
  }

  // An upload that goes on after a break takes the place of the card the page came with.
  function adopt(card, pid) {
    const earlier = watcher.cardOf(pid);
    if (earlier && earlier !== card) earlier.hidden = true;
    card.dataset.file = pid;
  }

  function stopButton(card, stop) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.dataset.stop = "";
    button.textContent = say.sayStop;
    button.addEventListener("click", stop);
    card.querySelector(".card-name").append(button);
  }

  function fail(card, error) {
    const body = error.originalResponse?.getBody() ?? "";
    const type = error.originalResponse?.getHeader("Content-Type") ?? "";
    const reason = type.includes("text/plain") && body.length < 500 ? body : say.sayAgain;
    tell(card, `${say.sayFailed} ${reason}`);
    card.querySelector("[data-sentence]").classList.add("sentence-refused");
    card.querySelector("[data-stop]")?.remove();
    files.querySelector("[data-live]").textContent = `${card.querySelector("strong").textContent}: ${say.sayFailed} ${reason}`;
  }
}

function tell(card, text) {
  card.querySelector("[data-sentence]").textContent = text;
}

function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

// The server compares it with what it received. Browsers hash only whole buffers, and only on safe origins.
async function hashOf(file) {
  if (file.size > HASHED_UP_TO_BYTES || !globalThis.crypto?.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
