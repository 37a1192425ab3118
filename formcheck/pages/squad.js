// The table of clips: sorted by a press on a column, cut down by words, result and fault. What is
// shown stands in the address, so that who comes back from a report finds it as it was.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const table = byId("squad");
  if (!table) return;
  const body = table.tBodies[0];
  const number = (text) => (text === "" ? NaN : Number(text));
  const rows = [...body.rows].map((row, i) => ({
    row, text: row.textContent.toLowerCase(), status: row.dataset.status,
    checks: row.dataset.checks.split(" "), keys: [i, ...row.dataset.keys.split("|").map(number)],
  }));
  const heads = [...table.querySelectorAll("th[data-col]")];
  const chips = [...document.querySelectorAll(".chip")];
  const state = { q: "", status: "", check: "", by: "0", down: "" };

  const compare = (one, other) => {
    const a = one.keys[state.by], b = other.keys[state.by];
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b) || one.keys[0] - other.keys[0];
    return (state.down ? b - a : a - b) || one.keys[0] - other.keys[0];
  };
  const fits = ({ text, status, checks }) =>
    state.q.toLowerCase().split(/\s+/).every((word) => text.includes(word)) &&
    (!state.status || status === state.status) && (!state.check || checks.includes(state.check));

  const tell = (shown) => {
    const all = shown === rows.length;
    const clips = `${rows.length} clip${rows.length === 1 ? "" : "s"}`;
    byId("shown").textContent = all ? clips : `${shown} of ${clips}`;
    byId("all").hidden = all;
    byId("nothing").hidden = shown > 0;
    for (const head of heads) {
      if (head.dataset.col === state.by) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    for (const chip of chips) {
      const { status, check } = chip.dataset;
      chip.setAttribute("aria-pressed", status ? status === state.status : check === state.check);
    }
    byId("by").value = state.by;
    byId("turn").setAttribute("aria-pressed", state.down !== "");
  };
  const keep = () => {
    const said = new URLSearchParams(Object.entries(state).filter(([name, value]) => value && !(name === "by" && value === "0")));
    try { history.replaceState(null, "", `#${said}`); } catch { /* then it is not kept */ }
  };
  const show = () => {
    let shown = 0;
    for (const one of rows) shown += !(one.row.hidden = !fits(one));
    const order = [...rows].sort(compare).map(({ row }) => row);
    if (order.some((row, i) => row !== body.rows[i])) body.append(...order);
    tell(shown);
  };
  const set = (changes) => {
    Object.assign(state, changes);
    show();
    keep();
  };

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const same = head.dataset.col === state.by;
      set({ by: head.dataset.col, down: (same ? !state.down : head.dataset.first === "down") ? "1" : "" });
    });
  }
  for (const chip of chips) {
    const [kind] = Object.keys(chip.dataset);
    chip.addEventListener("click", () => set({ [kind]: state[kind] === chip.dataset[kind] ? "" : chip.dataset[kind] }));
  }
  byId("by").addEventListener("change", (event) => {
    const head = heads.find((one) => one.dataset.col === event.target.value);
    set({ by: event.target.value, down: head.dataset.first === "down" ? "1" : "" });
  });
  byId("turn").addEventListener("click", () => set({ down: state.down ? "" : "1" }));
  byId("search").addEventListener("input", (event) => set({ q: event.target.value }));
  byId("all").addEventListener("click", () => {
    byId("search").value = "";
    set({ q: "", status: "", check: "" });
    byId("search").focus();
  });
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeprint", () => {
    for (const image of document.images) image.loading = "eager";
  });

  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) if (name in state) state[name] = value;
  if (!heads.some((head) => head.dataset.col === state.by)) state.by = "0";
  byId("search").value = state.q;
  byId("controls").hidden = false;
  show();
})();
