// Live progress: asks as long as something is going on, and stops when all is final.
const EVERY_MS = 2000;
const AT_MOST_MS = 30000;

export function watchFiles(files) {
  const list = files.querySelector("[data-cards]");
  let timer = 0;
  let wait = EVERY_MS;

  async function look() {
    timer = 0;
    try {
      const answer = await fetch(files.dataset.progress, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Error(String(answer.status));
      const { files: seen, final } = await answer.json();
      seen.forEach(show);
      wait = EVERY_MS;
      if (!final) again();
    } catch {
      wait = Math.min(wait * 2, AT_MOST_MS);
      again();
    }
  }

  function again() {
    if (!timer) timer = setTimeout(look, wait);
  }

  function show(seen) {
    const card = cardOf(seen.pid);
    if (!card || card.dataset.sending) return;
    card.dataset.final = seen.is_final ? "1" : "";
    const bar = card.querySelector("[data-bar]");
    bar.value = seen.percent;
    bar.hidden = seen.is_final;
    const sentence = card.querySelector("[data-sentence]");
    sentence.textContent = seen.sentence;
    sentence.className = `sentence sentence-${seen.state}`;
    showProblems(card, seen.problems);
    const preview = card.querySelector("[data-preview]");
    if (seen.preview && !preview.firstElementChild) {
      const image = new Image();
      image.alt = "";
      image.src = seen.preview;
      preview.append(image);
    }
  }

  // What is wrong in a subtitle file, by its lines. A card that was made in this window has no list yet.
  function showProblems(card, problems) {
    let list = card.querySelector("[data-problems]");
    if (!list && problems.length) {
      list = card.querySelector(".card-name").appendChild(document.createElement("ul"));
      list.className = "problems";
      list.dataset.problems = "";
    }
    if (!list) return;
    list.hidden = !problems.length;
    list.replaceChildren(
      ...problems.map((problem) => {
        const line = document.createElement("li");
        line.textContent = problem;
        return line;
      }),
    );
  }

  function cardOf(pid) {
    return list.querySelector(`[data-file="${CSS.escape(pid)}"]`);
  }

  if ([...list.querySelectorAll("[data-file]")].some((card) => card.dataset.final !== "1")) again();
  return { again, cardOf };
}

export function watchJobs(root) {
  const table = root.querySelector("[data-jobs]");
  if (!table) return;
  const bars = () => [...table.querySelectorAll("[data-job]")].filter((bar) => bar.dataset.final !== "1");

  async function look() {
    const going = bars();
    if (!going.length) return;
    const question = new URLSearchParams(going.map((bar) => ["id", bar.dataset.job]));
    try {
      const answer = await fetch(`${table.dataset.jobs}?${question}`, { cache: "no-store" });
      const { jobs } = await answer.json();
      for (const job of jobs) {
        const bar = table.querySelector(`[data-job="${job.id}"]`);
        // A state in words comes from the server: a row that ended is read again with its page.
        bar.value = job.percent;
        bar.parentElement.querySelector("[data-percent]").textContent = `${job.percent}%`;
        if (job.final) bar.dataset.final = "1";
      }
    } catch {
      // The next look may find the server again.
    }
    setTimeout(look, EVERY_MS);
  }

  look();
}
