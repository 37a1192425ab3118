// The video and its timeline: where one goes, the other follows. t is always seconds of the clip;
// the video is later by its freezes (holds), and goes on after the clip's end.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const source = byId("moments"), stage = byId("stage"), video = byId("video");
  const known = source ? JSON.parse(source.textContent) : { start: 0, end: 0, holds: [] };
  // A moment so shortly before a freeze, or at its start, is the frozen picture itself, for a
  // freeze begins at the next frame; and that picture is there FRAME after the start.
  const FRAME = 0.05, SAME = 0.002;
  let now = known.start;

  const toFilm = (t) => {
    let held = 0;
    for (const [at, seconds] of known.holds) {
      if (at > t + FRAME) break;
      if (at >= t - SAME) return at + held + FRAME;
      held += seconds;
    }
    return t + held;
  };
  const toClip = (film) => {
    let held = 0;
    for (const [at, seconds] of known.holds) {
      if (film < at + held) break;
      if (film < at + held + seconds) return at;
      held += seconds;
    }
    return film - held;
  };

  const during = (bands) => bands.find(([from, to]) => now >= from && now < to);
  const angles = () => {
    if (!known.angles) return [];
    const i = Math.round((now - known.start) / known.angles.step);
    return known.angles.values.map(([name, values]) =>
      `${name}\u00a0${values[i] == null ? "not seen" : `${String(values[i]).replace("-", "−")}°`}`);
  };
  const found = () => known.findings
    .filter(([from, to]) => now >= from - FRAME && now <= Math.max(to, from + 0.4))
    .slice(0, 3).map((finding) => finding[2]);
  const said = () => {
    const band = during(known.reps), phase = during(known.phases);
    return [`${now.toFixed(1)} s`, band ? band[2] : "between reps", phase && phase[2], ...angles()]
      .filter(Boolean).join(" · ");
  };

  // What is shown of the present moment.
  let slider = null;
  const show = (t) => {
    if (!stage) return;
    now = Math.min(Math.max(t, known.start), known.end);
    stage.style.setProperty("--now", (now - known.start) / (known.end - known.start));
    const words = said(), findings = found();
    byId("said").textContent = words;
    byId("found").textContent = findings.join(" · ");
    slider.setAttribute("aria-valuenow", now.toFixed(2));
    slider.setAttribute("aria-valuetext", [words.replaceAll(" · ", ", "), ...findings].join(". "));
    const i = known.reps.indexOf(during(known.reps));
    document.querySelectorAll("[data-rep]").forEach((one) =>
      one.classList.toggle("now", Number(one.dataset.rep) === i));
  };

  const plays = () => video !== null && !video.error;
  const go = (t) => {
    show(t);
    if (plays()) video.currentTime = toFilm(t);
  };
  let frame = 0;  // one chain of frames, however many events start it
  const follow = () => {
    cancelAnimationFrame(frame);
    if (!video.seeking) show(toClip(video.currentTime));
    if (!video.paused && !video.ended) frame = requestAnimationFrame(follow);
  };

  // The curves are a slider: pointer and keys.
  const KEYS = { ArrowLeft: -0.1, ArrowDown: -0.1, ArrowRight: 0.1, ArrowUp: 0.1, PageDown: -1, PageUp: 1 };
  const key = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in KEYS) go(Math.min(Math.max(now + KEYS[event.key], known.start), known.end));
    else if (event.key === "Home") go(known.start);
    else if (event.key === "End") go(known.end);
    else if (event.key === " " && plays()) video.paused ? video.play() : video.pause();
    else return;
    event.preventDefault();
  };
  const drag = (event) => {
    if (event.type === "pointerdown") {
      if (event.button !== 0) return;
      slider.setPointerCapture(event.pointerId);
    } else if (!slider.hasPointerCapture(event.pointerId)) return;
    const box = slider.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    go(known.start + share * (known.end - known.start));
  };
  const scrub = () => {
    slider = byId("slider");
    slider.hidden = false;
    byId("reading").hidden = false;
    stage.classList.add("live");
    slider.addEventListener("keydown", key);
    for (const type of ["pointerdown", "pointermove"]) slider.addEventListener(type, drag);
    show(known.start);
  };

  // Reps, findings and moments lead to the video; without one they stay links within the page.
  const click = (event) => {
    const link = event.target.closest("a[data-t]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!plays()) return show(Number(link.dataset.t));
    event.preventDefault();
    go(Number(link.dataset.t));
    if (link.closest("#player")) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    video.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
    video.focus({ preventScroll: true });
  };
  const missing = () => {
    video.hidden = true;
    byId("missing").hidden = false;
    for (const part of document.querySelectorAll(".see, a.watch svg, a.watch .unseen")) part.remove();
    for (const link of document.querySelectorAll("a.watch")) link.replaceWith(...link.childNodes);
  };

  if (stage) scrub();
  document.addEventListener("click", click);
  if (video && video.error) missing();
  if (video) {
    video.addEventListener("error", missing);
    for (const type of ["play", "seeked", "timeupdate"]) video.addEventListener(type, follow);
  }
})();
