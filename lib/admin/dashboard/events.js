// Second part of the page's script, behind script.js: changes, receipts, dead letters.

// ---- changes

function confirmed(title, text, verb) {
  setText($("confirm-title"), title);
  setText($("confirm-text"), text);
  setText($("confirm-yes"), verb);
  const dialog = $("confirm");
  return new Promise((decide) => {
    const end = (answer) => {
      decide(answer);
      dialog.close();
    };
    $("confirm-no").onclick = () => end(false);
    $("confirm-yes").onclick = () => end(true);
    dialog.onclose = () => decide(false); // by the Escape key
    dialog.showModal();
  });
}

// Stays until it is dismissed or a change succeeds: the next poll says nothing of it.
function showFailedChange(text) {
  $("change").hidden = !text;
  setText($("change-text"), text);
}

async function changeDestination(name, verb) {
  const text = verb === "pause" ? "It keeps collecting events and sends nothing until it is resumed. This survives a restart."
    : "It begins to send what it has collected.";
  if (!(await confirmed(`${verb === "pause" ? "Pause" : "Resume"} ${name}?`, text, verb === "pause" ? "Pause" : "Resume"))) return;
  try {
    await call(`v1/destinations/${encodeURIComponent(name)}/${verb}`, { method: "POST" });
    showFailedChange("");
    await poll();
  } catch (failure) {
    showFailedChange(`${verb === "pause" ? "Pause" : "Resume"} ${name}: ${explain(failure)}`);
  }
}

// Of all reasons the one where the vendor may have them.
const doubt = "The vendor may have these already: look there first; a replay may send or confirm them twice. ";

async function changeDeadLetters(verb, howMany, reason, body) {
  const replay = verb === "replay";
  const name = `${replay ? "Replay" : "Discard"} ${howMany}`;
  const bound = body.before ? `Those that ended up here before ${time(body.before)} are meant. ` : "";
  const text = replay ? "They become new work for their destination, in order with what is waiting there."
    : "They will not be delivered. Their receipts keep saying so; nothing is erased.";
  const warning = replay && reason === "in_doubt" ? doubt : "";
  if (!(await confirmed(`${name}?`, warning + bound + text, replay ? "Replay" : "Discard"))) return;
  try {
    const answer = await call(`v1/dead-letters/${verb}`, { method: "POST", body });
    showFailedChange("");
    await loadDead();
    setText($("dead-state"), `${count(answer.replayed ?? answer.discarded)} ${replay ? "replayed" : "discarded"}.`);
    $("dead-state").focus(); // the button that was pressed is gone
    poll();
  } catch (failure) {
    showFailedChange(`${name}: ${explain(failure)}`);
  }
}

// ---- receipts and dead letters

const pretty = (value) => JSON.stringify(value, null, 2);
const details = (title, value) => el("details", null, el("summary", null, title), el("pre", { tabindex: "0" }, pretty(value)));

function receiptLine(line) {
  const tries = line.attempts && line.attempts.count ? `${line.attempts.count} attempt(s), last ${time(line.attempts.last_at)}` : "";
  const words = [line.reason, line.detail, tries, line.next_attempt_at ? `next ${time(line.next_attempt_at)}` : "",
    line.at ? time(line.at) : ""].filter(Boolean);
  const mood = { delivered: "good", dead_letter: "bad", expired: "bad", retrying: "warn", pending: "warn" }[line.state] || "quiet";
  return el("li", null, `${line.destination}: `, el("strong", { class: mood }, line.state.replace("_", " ")),
    ...words.flatMap((each, at) => [at ? " · " : " – ", el("bdi", null, each)]));
}

// What an event is about, as the commands name it. What strangers wrote stands in a <bdi>, so that it turns nothing else around.
function matter(event) {
  const data = (event && event.data) || {};
  const name = ["order", "cart"].find((each) => data[each] && data[each].id);
  return name ? `${name} ${data[name].id}` : "";
}

// Gives way to what it brings, and the focus goes there.
function moreButton(bring) {
  const button = el("button", { type: "button", onclick: async () => {
    button.disabled = true;
    await bring();
    const first = button.parentElement && button.nextElementSibling;
    button.remove();
    if (first) first.focus();
  } }, "More");
  return button;
}

function receiptCard(receipt) {
  const event = receipt.event || {};
  return el("article", { tabindex: "-1" },
    el("div", { class: "line" }, el("h3", null, `${event.type || "event"} `, el("bdi", null, event.id || "")),
      el("span", { class: "quiet" }, `sequence ${receipt.sequence}, ${time(receipt.received_at)}`)),
    receipt.destinations.length ? el("ul", null, ...receipt.destinations.map(receiptLine))
      : el("p", { class: "quiet" }, "Routed nowhere."),
    details("Everything known", receipt));
}

// A source has no blanks, an id may.
function sourceAndId(text) {
  const [source, ...id] = text.split(" ");
  return { source, id: id.join(" ").trim() };
}

let searches = 0;

// `asked` is what the form held when it was sent: what is typed meanwhile belongs to the next search, and an
// answer to an earlier one comes too late.
async function search(asked, cursor) {
  const { by, what, number } = asked;
  if (by === "sequence" && !/^\d+$/.test(what)) {
    $("found").replaceChildren();
    setText($("search-state"), "A sequence is a number, such as 402.");
    return;
  }
  setText($("search-state"), "Looking…");
  try {
    let found;
    if (by === "sequence") {
      found = { events: [await call(`v1/events/${encodeURIComponent(what)}`)], next_cursor: null };
    } else {
      const query = new URLSearchParams(by === "id" ? sourceAndId(what) : { [by]: what });
      for (let from = cursor; ; from = found.next_cursor) {
        if (from) query.set("cursor", from);
        found = await call(`v1/events?${query}`);
        // A page may be empty though another one follows.
        if (found.events.length || !found.next_cursor || number !== searches) break;
      }
    }
    if (number !== searches) return;
    if (!cursor) $("found").replaceChildren();
    const more = found.next_cursor ? moreButton(() => search(asked, found.next_cursor)) : null;
    $("found").append(...found.events.map(receiptCard), ...(more ? [more] : []));
    const shown = $("found").querySelectorAll("article").length;
    setText($("search-state"), shown ? `${shown} event(s)${more ? ", and more" : ""}, newest first.` : "Nothing was found.");
  } catch (failure) {
    if (number !== searches) return;
    $("found").replaceChildren();
    setText($("search-state"), explain(failure));
  }
}

function letterCard(letter) {
  const change = (verb) => changeDeadLetters(verb, letter.id, letter.reason, { ids: [letter.id] });
  const about = matter(letter.event);
  return el("article", { tabindex: "-1" },
    el("div", { class: "line" }, el("h3", null, `${letter.type} – ${letter.id}${about ? " – " : ""}`, el("bdi", null, about)),
      el("span", { class: "quiet" }, `since ${time(letter.at)}`)),
    el("p", null, letter.detail),
    el("p", { class: "line" },
      el("button", { type: "button", onclick: () => change("replay") }, "Replay"),
      el("button", { type: "button", class: "danger", onclick: () => change("discard") }, "Discard")),
    details("Evidence", letter));
}

async function showLetters(group, place, cursor) {
  try {
    const query = new URLSearchParams({ destination: group.destination, reason: group.reason, limit: 20 });
    if (cursor) query.set("cursor", cursor);
    const { dead_letters: letters, next_cursor: next } = await call(`v1/dead-letters?${query}`);
    if (!cursor) place.replaceChildren();
    place.append(...letters.map(letterCard), ...(next ? [moreButton(() => showLetters(group, place, next))] : []));
    const shown = place.querySelectorAll("article").length;
    setText(place.previousElementSibling, `${count(shown)} of ${count(group.count)} are shown.`);
  } catch (failure) {
    place.replaceChildren(el("p", { class: "bad" }, explain(failure)));
  }
}

// What is shown and nothing that came since: by id, as long as the list has all of them; else by time.
function shownOf({ ids, count: many, destination, reason, before }) {
  return ids.length === many ? { ids } : { destination, reason, before };
}

const opened = new Set(); // the groups that are open stay so when the list is read again

function groupCard(group) {
  const letters = el("div");
  const many = `${count(group.count)} of ${group.destination}`;
  const body = shownOf(group);
  const name = `${group.destination}: ${group.reason}`;
  const look = () => {
    opened.add(name);
    return showLetters(group, letters);
  };
  const card = el("article", null,
    el("div", { class: "line" }, el("h3", null, `${name} – ${count(group.count)}`),
      el("span", { class: "line" },
        el("button", { type: "button", onclick: look }, "Look"),
        el("button", { type: "button", onclick: () => changeDeadLetters("replay", many, group.reason, body) }, "Replay all"),
        el("button", { type: "button", class: "danger", onclick: () => changeDeadLetters("discard", many, group.reason, body) }, "Discard all"))),
    el("p", { class: "quiet" }), letters);
  return { card, ready: opened.has(name) ? look() : null };
}

let lists = 0; // of dead letters; one that was asked for before the latest, or before the token was forgotten, comes too late

async function loadDead() {
  const number = ++lists;
  setText($("dead-state"), "Looking…");
  try {
    const { groups } = await call("v1/dead-letters?group=reason");
    const made = groups.map(groupCard);
    await Promise.all(made.map((each) => each.ready));
    if (number !== lists) return;
    $("dead").replaceChildren(...made.map((each) => each.card));
    setText($("dead-state"), groups.length ? "" : "There are none.");
  } catch (failure) {
    if (number !== lists) return;
    $("dead").replaceChildren();
    setText($("dead-state"), explain(failure));
  }
}

// ---- wiring

$("token-form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const given = $("token").value.trim();
  refusedToken = isToken(given) ? "" : "That is no token: one has visible ASCII characters alone, no blanks and no typographic quotes.";
  if (!refusedToken) sessionStorage.setItem("cartrelay-token", given);
  $("token").value = "";
  showToken();
  poll();
});
$("forget").addEventListener("click", () => {
  sessionStorage.removeItem("cartrelay-token");
  refusedToken = "";
  $("token").value = "";
  $("what").value = "";
  ++searches;
  setText($("search-state"), "");
  $("found").replaceChildren();
  ++lists;
  setText($("dead-state"), "");
  $("dead").replaceChildren();
  showToken();
});
$("search").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  search({ by: $("by").value, what: $("what").value.trim(), number: ++searches }, null);
});
$("load-dead").addEventListener("click", loadDead);
$("change-dismiss").addEventListener("click", () => showFailedChange(""));
showToken();
poll();
