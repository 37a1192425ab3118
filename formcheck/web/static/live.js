// The browser's camera, its pictures sent to the server, and what the server sees drawn over them.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const video = byId("video"), overlay = byId("overlay"), stage = byId("stage");
  const pen = overlay.getContext("2d"), bones = JSON.parse(stage.dataset.bones);
  const SIDES = [1280, 960, 640, 480], QUALITY = 0.8, MOST = 2;  // the longer side, pixels
  const EARLY_MS = 55, LATE_MS = 110, LOOKS_MS = 2000, LOST_MS = 3000, TRIES = 10;
  const WARM = 5;  // the first answers wait for the model
  const state = {
    socket: null, key: "", side: 0, flight: MOST, sent: new Map(), stream: null, over: false, tries: 0, encoding: false,
    took: [], shown: [], stops: false, fresh: false, at: 0, answers: 0,
  };
  window.formcheckLive = state;  // for whoever wants to see how fast it is

  // Why there is no camera, where there is none.
  const off = (words) => {
    byId("why").textContent = words;
    byId("off").hidden = false;
    byId("start").disabled = true;
  };
  const WHYS = {
    NotAllowedError: "The browser was not allowed to use the camera. Allow it beside the address, and load this page again.",
    NotFoundError: "This device has no camera. Upload a clip instead.",
    NotReadableError: "Another program uses the camera. Close it, and load this page again.",
  };
  const camera = async () => {
    const chosen = byId("camera").value;
    const which = chosen ? { deviceId: { exact: chosen } } : { facingMode: { ideal: "environment" } };
    const wanted = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
    state.stream = await navigator.mediaDevices.getUserMedia({ video: { ...which, ...wanted }, audio: false });
    video.srcObject = state.stream;
    for (const track of state.stream.getVideoTracks()) track.onended = () => notice("The camera is lost. Connect it, and start again.");
    await video.play();
    await cameras();
  };
  const cameras = async () => {
    const all = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput" && one.deviceId);
    const select = byId("camera"), was = select.value;
    select.length = 1;
    for (const one of all) select.add(new Option(one.label || "Camera", one.deviceId));
    select.value = was;
  };

  // What is said: counts and cues, one after the other; a stale one gives way.
  const say = (text) => {
    if (!byId("sound").checked || !("speechSynthesis" in window)) return;
    const saying = new SpeechSynthesisUtterance(text);
    saying.lang = "en"; saying.rate = 1.1;
    if (speechSynthesis.pending) speechSynthesis.cancel();
    speechSynthesis.speak(saying);
  };
  const notice = (words) => { if (byId("notice").textContent !== words) byId("notice").textContent = words; };

  const longer = () => Math.max(video.videoWidth, video.videoHeight);

  // Pictures out: the newest only, and never more under way than the server keeps up with.
  const grab = document.createElement("canvas");
  const send = async () => {
    const socket = state.socket;
    if (!socket || socket.readyState !== WebSocket.OPEN || state.stops) return;
    for (const [at, began] of state.sent) if (performance.now() - began > LOST_MS) state.sent.delete(at);
    if (!state.fresh || state.encoding || state.sent.size >= state.flight || !video.videoWidth) return;
    const t = state.at;
    state.encoding = true; state.fresh = false;
    const share = Math.min(1, state.side / longer());
    grab.width = Math.round(share * video.videoWidth);
    grab.height = Math.round(share * video.videoHeight);
    grab.getContext("2d", { alpha: false }).drawImage(video, 0, 0, grab.width, grab.height);
    const blob = await new Promise((done) => grab.toBlob(done, "image/jpeg", QUALITY));
    const jpeg = blob ? await blob.arrayBuffer() : null;
    state.encoding = false;
    if (!jpeg || socket !== state.socket || socket.readyState !== WebSocket.OPEN) return;
    const message = new Uint8Array(8 + jpeg.byteLength);
    new DataView(message.buffer).setFloat64(0, t / 1000, true);
    message.set(new Uint8Array(jpeg), 8);
    state.sent.set(t / 1000, t);
    socket.send(message);
  };
  const next = () => {
    if (state.over) return;
    // A picture is sent once, with the time at which the camera took it, where the browser tells that.
    const go = (at, told) => {
      const taken = told && told.captureTime ? told.captureTime : at;
      state.fresh = true; state.at = Math.max(taken, state.at + 1);
      send(); next();
    };
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(go);
    else requestAnimationFrame(go);
  };

  // Answers in.
  const answered = (said) => {
    const began = state.sent.get(said.t_s);
    for (const t of state.sent.keys()) if (t <= said.t_s) state.sent.delete(t);
    if (said.error) return notice(said.error);
    if (said.dropped) return;
    draw(said);
    tell(said);
    state.answers += 1;
    if (began !== undefined && state.answers > WARM) timed(performance.now() - began);
    send();
  };
  const timed = (ms) => {
    state.took.push(ms); state.shown.push(performance.now());
    if (state.took.length > 3000) { state.took.shift(); state.shown.shift(); }
  };
  // Where the answers come late, each picture waits for the one before it, then pictures are made
  // smaller; where there is time again, larger, and sent before the last was answered.
  const adapt = () => {
    const since = performance.now() - LOOKS_MS, recent = state.took.slice(state.shown.findIndex((t) => t > since));
    if (state.shown.length && state.shown.at(-1) > since && recent.length) {
      const sorted = recent.toSorted ? recent.toSorted((a, b) => a - b) : [...recent].sort((a, b) => a - b);
      const p90 = sorted[Math.floor(0.9 * sorted.length)];
      byId("pace").textContent = `${Math.round(1000 * recent.length / LOOKS_MS)} pictures a second are looked at, ${grab.width} × ${grab.height} pixels, shown after ${Math.round(sorted[sorted.length >> 1])} ms.`;
      const smaller = SIDES.find((side) => side < Math.min(state.side, longer()));
      const larger = SIDES.filter((side) => side > state.side).pop();
      if (p90 > LATE_MS && state.flight > 1) state.flight = 1;
      else if (p90 > LATE_MS && smaller) state.side = smaller;
      else if (p90 < EARLY_MS && larger) state.side = larger;
      else if (p90 < EARLY_MS) state.flight = MOST;
    }
    if (!state.over) setTimeout(adapt, LOOKS_MS);
  };

  // Drawn over the picture: the near side strong, the far side faint.
  const draw = (said) => {
    const [width, height] = said.size;
    if (overlay.width !== width || overlay.height !== height) { overlay.width = width; overlay.height = height; }
    pen.clearRect(0, 0, width, height);
    if (!said.landmarks.length) return;
    const near = said.side === "left" ? 0 : said.side === "right" ? 1 : -1, thick = Math.max(3, width / 200);
    for (const i of near === 0 ? [1, 0] : [0, 1]) {
      const strong = near === -1 || i === near;
      pen.globalAlpha = strong ? 1 : 0.35;
      for (const [ends, colour] of [[thick * 1.8, "#101214"], [thick, strong ? "#ffd23f" : "#ffffff"]]) {
        pen.strokeStyle = colour; pen.lineWidth = ends; pen.lineCap = "round";
        pen.beginPath();
        for (const [a, b] of bones[i]) {
          const [ax, ay] = said.landmarks[a], [bx, by] = said.landmarks[b];
          if (ax === null || bx === null) continue;
          pen.moveTo(ax, ay); pen.lineTo(bx, by);
        }
        pen.stroke();
      }
    }
    pen.globalAlpha = 1;
  };
  const put = (id, words) => { const one = byId(id); if (one.textContent !== words) one.textContent = words; };
  const degrees = (value) => value === null ? "–" : `${Math.round(value)}°`.replace("-", "−");
  const list = (id, lines, make) => {
    const one = byId(id), key = JSON.stringify(lines);
    if (one.dataset.key === key) return;
    one.dataset.key = key;
    one.replaceChildren(...lines.map(make));
  };
  const MARKS = { green: "✓", amber: "!", red: "✕" };
  const tell = (said) => {
    const running = said.stage === "running";
    byId("count").hidden = !running;
    stage.classList.toggle("running", running || said.last_break !== null);
    put("count", String(said.rep));
    put("cue", said.cue || (said.stage === "ready" ? "Ready. Begin when you like." : ""));
    notice(said.notice);
    put("phase", said.phase || { placing: "finding the place", ready: "ready", resting: "rest", over: "over" }[said.stage] || "–");
    put("descent", said.descent_s === null ? "–" : `${said.descent_s.toFixed(1)} s` + (said.target_s === null ? "" : ` of ${said.target_s.toFixed(0)} s`));
    put("knee", degrees(said.angles.knee_flexion));
    put("hip", degrees(said.angles.hip_flexion));
    const last = said.last_break;
    put("break-label", last ? `${last.label}, rep ${last.rep}` : "Last rep");
    put("break", !last ? "–" : last.value === null ? last.words || "not told" : `${Math.round(last.value)} ± ${Math.round(last.half_width || 0)} ${last.unit === "deg" ? "°" : last.unit}`.replace(" °", "°"));
    put("toggle", running ? "End the set now" : "Start the set now");
    list("lights", said.lights, (light) => {
      const item = document.createElement("li"), mark = document.createElement("span");
      item.className = light.status; mark.className = "mark"; mark.textContent = MARKS[light.status];
      mark.setAttribute("role", "img"); mark.setAttribute("aria-label", light.status);
      item.append(mark, light.sentence);
      return item;
    });
    list("summary", said.summary, (line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    });
    for (const cue of said.cues) if (cue.check !== "mark") { say(cue.text); heard.push(cue); }
  };
  const heard = state.heard = [];

  // The connection: a lost one is tried again, and the set goes on.
  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/live`);
    state.socket = socket;
    state.sent.clear();
    socket.onopen = () => socket.send(JSON.stringify({
      type: "start", exercise: byId("exercise").value, mirror: byId("mirror").checked,
      athlete: byId("athlete").value, resume: state.key,
    }));
    socket.onmessage = (event) => {
      const said = JSON.parse(event.data);
      if ("t_s" in said) answered(said);
      else if (said.type === "started") { state.key = said.resume; state.tries = 0; if (state.stops) command("stop"); else { notice("The server gets ready…"); send(); } }
      else if ("id" in said) over(said);
      else if (said.error) failed(said.error);
    };
    socket.onclose = () => { if (!state.over) again(); };
  };
  const again = () => {
    state.tries += 1;
    if (state.tries > TRIES) return failed("The server does not answer any more. What there was of a set is kept: see Clips.");
    notice("The connection is lost; trying again.");
    setTimeout(connect, Math.min(500 * state.tries, 3000));
  };
  const dark = () => {
    state.over = true;
    for (const track of state.stream.getTracks()) track.stop();
  };
  const failed = (words) => {
    dark();
    notice(words);
    byId("begin").hidden = false; byId("start").textContent = "Start again"; byId("start").disabled = false; stage.classList.add("done");
  };
  const over = (said) => {
    dark();
    if (said.ids.length === 1) location.assign(`/clips/${said.id}`);
    else if (said.ids.length) location.assign("/");
    else failed(said.reason || "There is no report.");
  };

  const shape = () => {
    stage.classList.toggle("mirrored", byId("mirror").checked);
  };
  const begin = async (event) => {
    event.preventDefault();
    if (state.over) return location.reload();
    byId("start").disabled = true;
    try {
      await camera();
    } catch (error) {
      return off(WHYS[error.name] || `The camera cannot be used (${error.message}).`);
    }
    byId("begin").hidden = true;
    stage.hidden = false;
    shape();
    state.side = SIDES[0];
    if ("speechSynthesis" in window) speechSynthesis.speak(new SpeechSynthesisUtterance(""));  // phones let a page speak after a touch only
    connect(); next(); adapt();
    awake();
  };
  // The screen stays on as long as a set runs.
  const awake = async () => {
    try { if ("wakeLock" in navigator && !document.hidden) await navigator.wakeLock.request("screen"); } catch { /* it may turn off */ }
  };
  document.addEventListener("visibilitychange", () => { if (state.socket && !state.over) awake(); });
  const command = (type) => { if (state.socket && state.socket.readyState === WebSocket.OPEN) state.socket.send(JSON.stringify({ type })); };
  byId("begin").addEventListener("submit", begin);
  byId("toggle").addEventListener("click", () => command("toggle"));
  byId("stop").addEventListener("click", () => { state.stops = true; byId("stop").disabled = true; notice("The report is written…"); command("stop"); });
  byId("whole").addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : byId("picture").requestFullscreen()));
  byId("whole").hidden = !document.fullscreenEnabled;
  byId("exercise").addEventListener("change", (event) => put("film", event.target.selectedOptions[0].dataset.film));
  byId("mirror").addEventListener("change", shape);

  if (!window.isSecureContext) {
    off(`Browsers give a camera only to pages that come by HTTPS or from the device itself. Open this page on the machine that serves it, or have the server started with --certfile and --keyfile, and come to https://${location.host}/live.`);
  } else if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) {
    off("This browser gives pages no camera. Try a newer one.");
  } else cameras();
})();
