// A clip, picture by picture, and what a person sees in it.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const root = byId("marking");
  if (!root) return;
  const told = JSON.parse(root.dataset.told), video = byId("video"), seek = byId("seek"), news = byId("news");
  let reps = [], dirty = false;

  // When each picture comes, seconds; before the clip was checked as if all were as far apart.
  const every = 1 / told.fps, came = [];
  for (const gap of told.pictures) came.push((came.at(-1) ?? 0) + gap);
  const at = (i) => (came.length ? came[Math.min(i, came.length - 1)] / 1000 : i * every);
  const lasts = (i) => (i < came.length - 1 ? at(i + 1) - at(i) : every);
  const pictureAt = (t) => {
    if (!came.length) return Math.floor(t / every + 0.01);
    let first = 0, last = came.length - 1;
    while (first < last) {
      const middle = Math.ceil((first + last) / 2);
      if (came[middle] <= t * 1000 + 1) first = middle; else last = middle - 1;
    }
    return first;
  };

  const go = (t) => {
    if (!video.duration) return;
    video.pause();
    video.currentTime = Math.min(Math.max(t, 0), Math.max(video.duration - every / 2, 0));
  };
  // The middle of a picture, so that rounding never shows its neighbour.
  const goTo = (i) => go(at(Math.max(i, 0)) + lasts(Math.max(i, 0)) / 2);
  const now = () => Math.round(at(pictureAt(video.currentTime)) * 1000) / 1000;
  const step = (n) => goTo(pictureAt(video.currentTime) + n);
  const show = () => {
    byId("now").textContent = `${now().toFixed(2)} s`;
    if (document.activeElement !== seek && video.duration) seek.value = video.currentTime / video.duration;
    byId("play").textContent = video.paused ? "Play" : "Pause";
  };
  for (const type of ["timeupdate", "seeked", "play", "pause", "loadedmetadata"]) video.addEventListener(type, show);
  video.addEventListener("error", () => { byId("notice").textContent = "This browser cannot show the clip. Save it as an H.264 mp4, and upload that."; });
  seek.addEventListener("input", () => go(seek.value * video.duration));
  const play = () => (video.paused ? video.play() : video.pause());
  byId("play").addEventListener("click", play);
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("select, input, button, summary")) return;
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way) step(way * (event.shiftKey ? 10 : 1));
    else if (event.key === " ") play();
    else return;
    event.preventDefault();
  });

  // The reps: a list of moments to set, to go to, and to take back; and the faults that were seen.
  const parts = () => told.exercises[byId("exercise").value];
  const make = (tag, given = {}, ...inside) => {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (name === "text") one.textContent = value;
      else if (name.startsWith("on")) one.addEventListener(name.slice(2), value);
      else one.setAttribute(name, value);
    }
    one.append(...inside);
    return one;
  };
  const changed = () => { dirty = true; news.textContent = ""; render(); };
  const moment = (rep, n, { name, title }) => {
    const t = rep[name];
    const here = make("button", { type: "button", text: title, id: `${name}-${n}`, "aria-label": `${title} of rep ${n + 1} is here`,
      onclick: () => { rep[name] = now(); changed(); } });
    const row = make("li", {}, here);
    if (t !== null && t !== undefined) {
      row.append(make("button", { type: "button", class: "at", text: `${t.toFixed(2)} s`, "aria-label": `Go to ${title} of rep ${n + 1}, ${t.toFixed(2)} s`, onclick: () => goTo(pictureAt(t)) }));
      if (name !== "start_s") row.append(make("button", { type: "button", class: "at", text: "×", "aria-label": `Take back ${title} of rep ${n + 1}`, onclick: () => { rep[name] = null; changed(); } }));
    }
    return row;
  };
  const fault = (rep, n, { name, title }) => {
    const box = make("input", { type: "checkbox", id: `${name}-${n}`, onchange: (event) => {
      rep.faults = event.target.checked ? [...rep.faults, name] : rep.faults.filter((one) => one !== name);
      dirty = true;
    } });
    box.checked = rep.faults.includes(name);
    return make("label", { class: "switch" }, box, title);
  };
  const render = () => {
    const focused = document.activeElement && document.activeElement.id;
    const { moments, checks } = parts();
    reps.sort((a, b) => a.start_s - b.start_s);
    byId("reps").replaceChildren(...reps.map((rep, n) => make("li", { class: "card" },
      make("h2", { text: `Rep ${n + 1}` }),
      make("ul", { class: "moments" }, ...moments.map((one) => moment(rep, n, one))),
      make("details", {}, make("summary", { text: rep.faults.length ? `Faults seen: ${rep.faults.length}` : "Faults seen: none" }), ...checks.map((one) => fault(rep, n, one))),
      make("button", { type: "button", class: "remove", text: `Remove rep ${n + 1}`, onclick: () => { reps.splice(n, 1); changed(); } }))));
    byId("none").hidden = reps.length > 0;
    if (focused && byId(focused)) byId(focused).focus();
  };
  byId("exercise").addEventListener("change", () => {
    const names = parts().checks.map((one) => one.name);
    for (const rep of reps) rep.faults = rep.faults.filter((one) => names.includes(one));
    changed();
  });
  byId("view").addEventListener("change", () => { dirty = true; });
  byId("add").addEventListener("click", () => { 
    const rep = { start_s: now(), end_s: null, faults: [] };
    reps.push(rep);
    changed();
    byId(`start_s-${reps.indexOf(rep)}`).closest(".card").scrollIntoView({ block: "end" });
  });

  const path = `/api/clips/${told.id}/marks`;
  const cleaned = (rep) => {
    const kept = { start_s: rep.start_s, end_s: null, faults: rep.faults };
    for (const { name } of parts().moments) kept[name] = rep[name] ?? null;
    return kept;
  };
  byId("save").addEventListener("click", async () => {
    const body = JSON.stringify({ exercise: byId("exercise").value, view: byId("view").value, reps: reps.map(cleaned) });
    const answer = await fetch(path, { method: "PUT", headers: { "content-type": "application/json" }, body });
    const said = await answer.json().catch(() => ({}));
    dirty = dirty && !answer.ok;
    news.textContent = answer.ok ? "Saved. The report shows it." : typeof said.detail === "string" ? said.detail : "That could not be saved.";
  });
  byId("forget").addEventListener("click", async () => {
    if (!confirm("Delete all that was marked in this clip?")) return;
    const answer = await fetch(path, { method: "DELETE" });
    if (answer.ok) { reps = []; dirty = false; render(); news.textContent = "Deleted."; }
  });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  if (told.marks) {
    reps = told.marks.reps.map((rep) => ({ ...rep, faults: [...rep.faults] }));
    byId("exercise").value = told.marks.exercise;
    byId("view").value = told.marks.view || "side";
  }
  render();
  show();
})();
