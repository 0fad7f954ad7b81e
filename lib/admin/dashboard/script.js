"use strict";
// The operators' page: its figures; assets.cmake puts events.js behind it. Whatever comes from the daemon becomes text, never markup: elements are made by el() alone.

const $ = (id) => document.getElementById(id);
const pollEvery = 2000;
const rateOver = 10000; // milliseconds that the rate looks back

function el(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === "class") made.className = value;
    else if (name === "label") made.dataset.label = value;
    else if (name === "onclick") made.addEventListener("click", value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

// ---- numbers for people

const count = (value) => value.toLocaleString("en");

// In UTC, as the logs and the commands have it; the day only where it is another one.
function time(text) {
  if (!text) return "never";
  const [day, hours] = new Date(text).toISOString().split("T");
  const today = new Date().toISOString().startsWith(day);
  return `${today ? "" : `${day} `}${hours.slice(0, 8)} UTC`;
}
const milliseconds = (value) => (value >= 1000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`);

function span(seconds) {
  if (seconds < 1) return "0 s";
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  const parts = [];
  let left = Math.floor(seconds);
  for (const [name, size] of units.slice(first, first + 2)) {
    if (left >= size) parts.push(`${Math.floor(left / size)} ${name}`);
    left %= size;
  }
  return parts.join(" ");
}

function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  return `${(value / 1024 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}

// ---- talking to the daemon

const isToken = (text) => /^[\x21-\x7e]+$/.test(text); // nothing else can stand in a header
const token = () => {
  const stored = sessionStorage.getItem("cartrelay-token") || "";
  return isToken(stored) ? stored : "";
};

const noTokens = "no_token_configured";
let withoutTokens = false; // the daemon has said so

// With `whole` also the daemon's clock, as it answered.
async function call(path, { method = "GET", body, anonymous = false, whole = false } = {}) {
  const headers = {};
  if (token() && !anonymous) headers.Authorization = `Bearer ${token()}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(15000),
  });
  const parsed = await answer.json().catch(() => ({}));
  if (path !== "status") withoutTokens = parsed.reason === noTokens; // its figures are open to all
  if (answer.ok) return whole ? { parsed, at: answer.headers.get("Date") } : parsed;
  const faults = (parsed.errors || []).map((fault) => `${fault.pointer} ${fault.detail}`).join("; ");
  const failure = new Error([parsed.detail || `HTTP ${answer.status}`, faults].filter(Boolean).join(": "));
  failure.status = answer.status;
  failure.reason = parsed.reason;
  throw failure;
}

function explain(failure) {
  if (failure.status === 401 && failure.reason !== noTokens) return `${failure.message}. This page takes a token under “Token”.`;
  if (failure.name === "TimeoutError" || failure instanceof TypeError) return "The daemon does not answer.";
  return failure.message;
}

// ---- the figures

const history = new Map(); // destination → [{at, delivered}]

function rate(destination) {
  const now = performance.now();
  let seen = history.get(destination.name) || [];
  const last = seen[seen.length - 1];
  if (last && last.delivered > destination.delivered_total) seen = []; // another queue
  seen.push({ at: now, delivered: destination.delivered_total });
  seen = seen.filter((each) => now - each.at <= rateOver + pollEvery);
  history.set(destination.name, seen);
  const first = seen[0];
  return now - first.at < 500 ? null : ((destination.delivered_total - first.delivered) * 1000) / (now - first.at);
}

function tiles(status) {
  const { queue, ingest } = status;
  const sum = (member) => status.destinations.reduce((total, each) => total + each[member], 0);
  return [
    ["Waiting to be delivered", count(sum("backlog")), ""],
    ["Oldest waiting", span(queue.oldest_pending_age_s), queue.oldest_pending_age_s > 600 ? "warn" : ""],
    ["Dead letters", count(sum("dead_letters")), sum("dead_letters") ? "bad" : ""],
    ["Queue takes events", queue.writable ? "yes" : `no: ${queue.reason || "unknown"}`, queue.writable ? "good" : "bad"],
    ["Queue size", queue.max_bytes ? `${bytes(queue.bytes)} of ${bytes(queue.max_bytes)}` : bytes(queue.bytes),
      queue.max_bytes && queue.bytes > 0.8 * queue.max_bytes ? "warn" : ""],
    ...(queue.disk_free_bytes === undefined ? [] : [["Disk free", bytes(queue.disk_free_bytes), ""]]),
    ["Events kept", count(queue.events), ""],
    ["Accepted", count(ingest.accepted_total), ""],
    ["Duplicates", count(ingest.duplicate_total), ""],
    ["Refused requests", count(ingest.refused_total), ""],
    ["Durable write p99", milliseconds(ingest.commit_ms.p99), ""],
    ...(queue.corrupt_total ? [["Corrupt records set aside", count(queue.corrupt_total), "bad"]] : []),
    ...(queue.lost_accepted_total ? [["Accepted events given up", count(queue.lost_accepted_total), "bad"]] : []),
  ];
}

function showTiles(status) {
  const wanted = tiles(status);
  const list = $("figures");
  while (list.children.length > wanted.length) list.lastElementChild.remove();
  while (list.children.length < wanted.length) list.append(el("div", null, el("dt"), el("dd")));
  wanted.forEach(([name, value, mood], at) => {
    const [title, figure] = list.children[at].children;
    setText(title, name);
    setText(figure, value);
    figure.className = mood;
  });
}

const moods = { active: "good", backing_off: "warn", suspended: "bad", paused: "warn" };

function stateText(destination) {
  const next = destination.state !== "paused" && destination.state !== "active" && destination.next_attempt_at
    ? `next attempt ${time(destination.next_attempt_at)}` : "";
  return [destination.state.replace("_", " "), destination.reason, next].filter(Boolean).join(" – ");
}

function errorText(failed) {
  if (!failed) return "none";
  const { reason, detail, status } = failed;
  const known = !status || detail.startsWith(String(status)); // the vendor's status line has it
  const words = known ? [reason === `http_${status}` ? "" : reason, detail] : [reason, `(${status})`, detail];
  return `${time(failed.at)}: ${words.filter(Boolean).join(" ")}`;
}

const past = (d) => d.last_error && d.last_success_at && new Date(d.last_success_at) > new Date(d.last_error.at);

function otherEnds(destination) {
  const named = [["skipped", "skipped_total"], ["superseded", "superseded_total"], ["discarded", "discarded_total"]];
  return named.filter(([, member]) => destination[member]).map(([name, member]) => `${count(destination[member])} ${name}`).join(", ") || "–";
}

// Label, class, text and mood of each cell after the name.
const columns = [
  ["State", "wide", stateText, (d) => moods[d.state] || ""],
  ["Backlog", "number", (d) => count(d.backlog) + (d.drain_eta_s ? ` (${span(d.drain_eta_s)})` : ""), () => ""],
  ["Oldest", "number", (d) => (d.backlog ? span(d.oldest_pending_age_s) : "–"), (d) => (d.oldest_pending_age_s > 600 ? "warn" : "")],
  ["In flight", "number", (d) => count(d.in_flight), () => ""],
  ["Retrying", "number", (d) => count(d.retrying), (d) => (d.retrying ? "warn" : "")],
  ["Dead letters", "number", (d) => count(d.dead_letters), (d) => (d.dead_letters ? "bad" : "")],
  ["Expired", "number", (d) => count(d.expired_total), (d) => (d.expired_total ? "bad" : "")],
  ["Delivered", "number", (d) => count(d.delivered_total), () => ""],
  ["Other ends", "ends", otherEnds, () => ""],
  ["Per second", "number", (d, perSecond) => (perSecond === null ? "…" : perSecond.toFixed(1)), () => ""],
  ["Request p99", "number", (d) => (d.request_ms.p99 ? milliseconds(d.request_ms.p99) : "–"), () => ""],
  ["Last error", "wide error", (d) => errorText(d.last_error) + (past(d) ? " (past: delivered since)" : ""), (d) => (past(d) ? "quiet" : "")],
];

// What a change of its own cannot end, and what can.
function remedy({ name, reason }) {
  if (reason === "disabled") return "Set enabled = true in its entry, then reload.";
  if (reason !== "not in the configuration") return "";
  return `Put its entry back, or give its rest up: cartrelay dead-letters discard --destination ${name}`;
}

function makeRow(name) {
  const toggle = el("button", { type: "button" });
  const row = el("tr", null, el("th", { scope: "row" }, name, document.createElement("br"), el("small")),
    ...columns.map(([label, kind]) => el("td", { class: kind, label }, el("span"))), el("td", { label: "Change" }, el("span", null, toggle, el("small"))));
  row.dataset.name = name;
  toggle.addEventListener("click", () => changeDestination(name, toggle.dataset.verb));
  return row;
}

// Rows stay where they are, so that the focus does not jump while somebody is about to press a button.
function showDestinations(all) {
  const body = $("rows");
  const names = all.map((each) => each.name);
  for (const row of [...body.children]) if (!names.includes(row.dataset.name)) row.remove();
  all.forEach((destination, at) => {
    let row = [...body.children].find((each) => each.dataset.name === destination.name);
    if (!row) row = makeRow(destination.name);
    if (body.children[at] !== row) body.insertBefore(row, body.children[at] || null);
    setText(row.querySelector("th small"), destination.kind === destination.name ? "" : destination.kind);
    const perSecond = rate(destination);
    columns.forEach(([, kind, text, mood], column) => {
      const cell = row.children[column + 1];
      setText(cell.firstElementChild, text(destination, perSecond));
      cell.className = `${kind} ${mood(destination)}`.trim();
    });
    const toggle = row.querySelector("button");
    toggle.dataset.verb = destination.state === "paused" ? "resume" : "pause";
    setText(toggle, destination.state === "paused" ? "Resume" : "Pause");
    toggle.setAttribute("aria-label", `${toggle.textContent} ${destination.name}`);
    const words = remedy(destination);
    toggle.hidden = words !== "";
    setText(row.querySelector("td:last-child small"), words);
  });
  $("none").hidden = all.length > 0;
}

function showTrouble(text) {
  $("trouble").hidden = !text;
  setText($("trouble"), text);
}

// `at`: the daemon's clock, as it answered.
function showStatus(status, at) {
  setText($("version"), status.version);
  setText($("state"), status.state);
  $("state").className = `state ${{ running: "good", degraded: "warn" }[status.state] || "bad"}`;
  setText($("seen"), `up ${span(status.uptime_s)}, as of ${time(at || new Date())}`);
  document.title = status.state === "running" ? "Cartrelay" : `${status.state} – Cartrelay`;
  document.body.classList.remove("stale");
  showTrouble("");
  showTiles(status);
  showDestinations(status.destinations);
}

let refusedToken = ""; // why what was entered last is none

function showToken() {
  const inUse = withoutTokens ? "The daemon has no tokens configured: this one opens nothing." : "A token is in use.";
  setText($("token-state"), refusedToken || (token() ? inUse : ""));
}

async function readStatus() {
  try {
    const answer = await call("status", { whole: true });
    showToken();
    return answer;
  } catch (failure) {
    // A token that is not valid must not hide what is shown without one.
    if (failure.status !== 401 || !token()) throw failure;
    setText($("token-state"), refusedToken || "This token is not valid.");
    return call("status", { anonymous: true, whole: true });
  }
}

let timer = 0;
async function poll() {
  clearTimeout(timer);
  try {
    if (!document.hidden) {
      const { parsed, at } = await readStatus();
      showStatus(parsed, at);
    }
  } catch (failure) {
    showTrouble(explain(failure));
    setText($("state"), "unknown");
    $("state").className = "state bad";
    document.body.classList.add("stale");
    document.title = "no answer – Cartrelay";
  }
  clearTimeout(timer);
  timer = setTimeout(poll, pollEvery);
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
