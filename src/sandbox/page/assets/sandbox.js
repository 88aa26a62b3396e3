// Keeps a thread up to date and marks the lines that a link names. Pages work without it.
"use strict";

const PAUSE_MILLISECONDS = 1500;

function replaceThread(thread, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("thread");
  if (!fresh) {
    return;
  }
  // What the reader has unfolded stays unfolded, as long as the folds are the same ones.
  const before = thread.querySelectorAll("details");
  const after = fresh.querySelectorAll("details");
  after.forEach((fold, position) => {
    const old = before[position];
    if (old && old.querySelector("summary")?.textContent === fold.querySelector("summary")?.textContent) {
      fold.open = old.open;
    }
  });
  thread.replaceWith(fresh);
}

async function watchThread() {
  const thread = document.getElementById("thread");
  if (!thread) {
    return;
  }
  if (!document.hidden) {
    try {
      const address = thread.dataset.address;
      const version = await (await fetch(address + "/version")).text();
      if (version !== thread.dataset.version) {
        replaceThread(thread, await (await fetch(address)).text());
      }
    } catch {
      // The sandbox has stopped or is starting again; the next round tells.
    }
  }
  setTimeout(watchThread, PAUSE_MILLISECONDS);
}

function markLines() {
  document.querySelectorAll("tr.marked").forEach((row) => row.classList.remove("marked"));
  const range = /^#L(\d+)(?:-L?(\d+))?$/.exec(location.hash);
  if (!range) {
    return;
  }
  const first = Number(range[1]);
  const last = Number(range[2] ?? range[1]);
  for (let line = Math.min(first, last); line <= Math.max(first, last); line += 1) {
    const row = document.getElementById("L" + line);
    if (!row) {
      break;
    }
    row.classList.add("marked");
  }
  document.getElementById("L" + Math.min(first, last))?.scrollIntoView({ block: "center" });
}

markLines();
window.addEventListener("hashchange", markLines);
setTimeout(watchThread, PAUSE_MILLISECONDS);
