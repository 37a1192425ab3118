// Uploads with their progress, and the list of clips kept current.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const clips = byId("clips"), drop = byId("drop"), uploads = byId("uploads"), news = byId("news");
  const AT_ONCE = 3, OFTEN_MS = 1000, SELDOM_MS = 10000;

  // The list is the server's own page part: only its change is put in, and the focus stays.
  let timer = 0, last = clips.innerHTML;
  const part = clips.dataset.one ? `/parts/clips?id=${clips.dataset.one}` : "/parts/clips";
  const busy = () => clips.querySelector('[data-status="queued"], [data-status="running"]') !== null;
  const refresh = async () => {
    clearTimeout(timer);
    try {
      const answer = await fetch(part);
      if (answer.status === 401 || answer.redirected) return location.reload();
      if (answer.ok) put(await answer.text());
    } catch { /* the server is away: it is asked again */ }
    timer = setTimeout(refresh, busy() ? OFTEN_MS : SELDOM_MS);
  };
  const put = (text) => {
    if (text === last) return;
    const was = busy(), focused = document.activeElement && document.activeElement.id;
    clips.innerHTML = last = text;
    if (focused && byId(focused)) byId(focused).focus();
    if (was && !busy()) {
      news.textContent = "All clips are done.";
      if (clips.dataset.one) location.reload();
    }
  };

  const ask = async (method, path) => {
    const answer = await fetch(path, { method });
    if (!answer.ok && answer.status !== 404) {
      const said = await answer.json().catch(() => ({}));
      news.textContent = said.detail || "That did not work.";
    }
    if (clips.dataset.one && method === "DELETE") location.assign("/");
    else refresh();
  };
  clips.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    const { do: what, id, name } = button.dataset;
    if (what === "cancel") ask("POST", `/api/clips/${id}/cancel`);
    else if (confirm(`Delete ${name}, with its report and video?`)) ask("DELETE", `/api/clips/${id}`);
  });

  // Uploads: some at once, each with its bar and a way to stop it.
  const waiting = [];
  let running = 0;
  const line = (file) => {
    const item = document.createElement("li"), name = document.createElement("span");
    const bar = document.createElement("progress"), said = document.createElement("span");
    const stop = document.createElement("button");
    name.className = "name"; name.textContent = file.name;
    bar.max = 1; bar.value = 0; bar.setAttribute("aria-label", `Upload of ${file.name}`);
    said.className = "said"; said.textContent = "waits";
    stop.type = "button"; stop.textContent = "Stop";
    item.append(name, bar, said, stop);
    uploads.append(item);
    return { item, bar, said, stop };
  };
  const failed = (shown, reason) => {
    shown.item.classList.add("failed");
    shown.bar.remove();
    shown.said.textContent = reason;
    shown.stop.textContent = "Close";
    shown.stop.onclick = () => shown.item.remove();
    news.textContent = reason;
  };
  const send = (file, shown) => {
    const request = new XMLHttpRequest(), form = new FormData();
    form.append("exercise", byId("exercise").value);
    form.append("athlete", byId("athlete").value);
    form.append("file", file);
    const over = () => { running -= 1; next(); };
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      shown.bar.value = event.loaded / event.total;
      shown.said.textContent = `${Math.floor(100 * event.loaded / event.total)} %`;
    };
    request.onload = () => {
      let said = {};
      try { said = JSON.parse(request.responseText); } catch { /* no JSON: a proxy's page */ }
      if (request.status === 202) { shown.item.remove(); refresh(); }
      else failed(shown, typeof said.detail === "string" ? said.detail : "The upload was refused.");
      over();
    };
    request.onerror = () => { failed(shown, "The upload broke off. Is the server still there?"); over(); };
    request.onabort = () => { shown.item.remove(); over(); };
    shown.stop.onclick = () => request.abort();
    request.open("POST", "/api/clips");
    request.send(form);
  };
  const next = () => {
    while (running < AT_ONCE && waiting.length) {
      const [file, shown] = waiting.shift();
      running += 1;
      send(file, shown);
    }
  };
  const add = (files) => {
    for (const file of files) {
      const shown = line(file), entry = [file, shown];
      shown.stop.onclick = () => { waiting.splice(waiting.indexOf(entry), 1); shown.item.remove(); };
      waiting.push(entry);
    }
    next();
  };
  if (drop) {
    byId("files").addEventListener("change", (event) => { add([...event.target.files]); event.target.value = ""; });
    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
      drop.addEventListener(type, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", type === "dragenter" || type === "dragover");
        if (type === "drop") add([...event.dataTransfer.files]);
      });
    }
    drop.addEventListener("submit", (event) => event.preventDefault());
  }
  timer = setTimeout(refresh, busy() ? OFTEN_MS : SELDOM_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
})();
