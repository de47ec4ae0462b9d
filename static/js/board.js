/* The board keeps itself up to date: every five seconds it asks whether anything moved, and puts
   the cards that changed in their new places. What has the focus keeps it, wherever its card goes.
   A hidden page asks nothing. Moves are pressed on the card under the cursor, or from its menu. */
import { load } from "./dialog.js";

const EVERY = 5000;
const live = () => document.getElementById("board-live");
const menu = document.getElementById("cardmenu");
const take = document.getElementById("take");
const keysOff = document.body.dataset.keys === "off";
// The cards as they were served: what differs from it has changed on the server.
const served = new Map();
const sizes = new Map();
let asking = false;
let again = false;
let asked = 0;

const cards = (root) => root.querySelectorAll("li[data-row]");
const moreButton = document.getElementById("cardmore").content.firstElementChild;
/** The button of the menu, on cards with anything to press: it comes without a byte of the answer. */
function equip(card) {
  if (card.dataset.can) card.querySelector(".bcard__foot").append(moreButton.cloneNode());
}
for (const card of cards(live())) { served.set(card.id, card.outerHTML); equip(card); }

/* ---------- what is new ---------- */

function address(fresh) {
  const query = [...sizes].map(([code, size]) => `&${code}=${size}`).join("");
  return `${live().dataset.now}&v=${fresh ? "" : live().dataset.version}${query}`;
}

async function refresh(fresh = false) {
  if (asking) { again ||= fresh; return; }
  asking = true;
  asked = Date.now();
  try {
    const answer = await ask(fresh);
    if (answer?.status === 200) put(await answer.text());
  } finally {
    asking = false;
    if (again) { again = false; refresh(true); }
  }
}

/** The answer; null where the network gave none, or where one has to sign in again. */
async function ask(fresh) {
  let answer = null;
  try {
    answer = await fetch(address(fresh), { headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
  } catch { /* said below */ }
  document.dispatchEvent(new CustomEvent("connection", { detail: answer !== null }));
  const elsewhere = answer?.headers.get("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  return elsewhere ? null : answer;
}

function put(html) {
  const next = new DOMParser().parseFromString(html, "text/html").getElementById("board-live");
  if (!next) return;
  const focus = remembered();
  const before = new Map([...cards(live())].map((card) => [card.id, card.parentElement.id]));
  for (const part of next.querySelectorAll("[id]")) if (part.matches(".lane, .col__h, #boardfold > summary")) words(part);
  const fold = next.querySelector("#boardfold");
  if (!fold || !document.getElementById("boardfold")) replaceFold(fold);
  // First every card goes to its list, so that one that moved is moved and not made anew.
  for (const list of next.querySelectorAll("ul[id]")) arrange(list);
  clear(next);
  for (const section of next.querySelectorAll("section[id]")) more(section);
  if (fold) more(fold);
  live().dataset.version = next.dataset.version;
  tell(before);
  restore(focus);
}

/** Heads hold a count and a promise: replaced when they say something else. */
function words(part) {
  const here = document.getElementById(part.id);
  if (here && here.innerHTML !== part.innerHTML) here.replaceChildren(...part.cloneNode(true).childNodes);
}

function replaceFold(fold) {
  document.getElementById("boardfold")?.remove();
  if (fold) live().append(document.importNode(fold, true));
}

function more(section) {
  const here = document.getElementById(section.id);
  const next = section.querySelector(":scope > .col__more");
  const old = here?.querySelector(":scope > .col__more");
  if (old && next && old.outerHTML === next.outerHTML) return;
  old?.remove();
  if (next) here?.append(document.importNode(next, true));
}

function arrange(next) {
  const list = document.getElementById(next.id);
  if (!list) return;
  let place = list.firstElementChild;
  for (const fresh of [...next.children]) {
    const stays = place && place.id === fresh.id;
    const card = renewed(fresh);
    if (stays) place = card.nextElementSibling;
    else list.insertBefore(card, place);
  }
}

/** What stands in no list any more goes last: until then it may have moved to a later list. */
function clear(next) {
  for (const card of live().querySelectorAll("ul[id] > li")) if (!next.querySelector(`#${CSS.escape(card.id)}`)) card.remove();
}

function renewed(fresh) {
  const here = document.getElementById(fresh.id);
  const html = fresh.outerHTML;
  if (here && served.get(fresh.id) === html) return here;
  const card = document.importNode(fresh, true);
  if (fresh.id) served.set(fresh.id, html);
  equip(card);
  if (here?.classList.contains("is-cursor")) card.classList.add("is-cursor");
  if (here) here.replaceWith(card);
  else card.classList.add("is-new");
  window.htmx.process(card);
  return card;
}

/** Says once, for ears, which cards others have moved. */
function tell(before) {
  const moved = [...cards(live())].filter((card) => before.has(card.id) && before.get(card.id) !== card.parentElement.id);
  for (const card of moved) card.classList.add("is-new");
  for (const id of before.keys()) if (!document.getElementById(id)) served.delete(id);
  const said = moved.slice(0, 3).map((card) => {
    const head = card.parentElement.parentElement.querySelector(".col__h, summary b");
    const who = card.querySelector(".bcard__foot .truncate")?.textContent ?? "";
    return `${card.querySelector("h3").textContent}: ${head?.firstChild.textContent ?? ""} ${who}`;
  });
  if (said.length) status.textContent = said.join(". ");
}
const status = Object.assign(document.createElement("p"), { className: "vh" });
status.setAttribute("role", "status");
document.body.append(status);

/* ---------- what has the focus ---------- */

function remembered() {
  const element = document.activeElement;
  const card = element?.closest?.("#board-live [id]");
  if (!card) return null;
  const all = [...card.querySelectorAll("a, button, summary")];
  return { id: card.id, place: all.indexOf(element) };
}

function restore(focus) {
  if (!focus || document.activeElement !== document.body) return;
  const card = document.getElementById(focus.id);
  const all = card ? [...card.querySelectorAll("a, button, summary")] : [];
  (all[focus.place] ?? all[0])?.focus({ preventScroll: true });
}

setInterval(() => { if (!document.hidden && Date.now() - asked >= EVERY - 100) refresh(); }, 1000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
document.addEventListener("handoffs", () => refresh(true));

/* ---------- more of a list ---------- */

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-more]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const size = new URL(link.href).searchParams.get(link.dataset.more);
  sizes.set(link.dataset.more, size);
  refresh(true);
});
document.addEventListener("toggle", (event) => {
  if (event.target.id !== "boardfold" || sizes.has("paused")) return;
  if (event.target.open && !event.target.querySelector("li")) { sizes.set("paused", 20); refresh(true); }
}, true);

/* ---------- moves ---------- */

// A card is called h60 after its handoff, d21 after its deal, l15 after its lead.
const handoffOf = (card) => (card.id.startsWith("h") ? card.id.slice(1) : "");
const can = (card) => [...(card.dataset.can ?? "").split(" ").filter(Boolean), ...(handoffOf(card) ? ["brief"] : []), "lead"];

function fill(card) {
  const open = can(card);
  for (const item of menu.children) {
    item.hidden = !open.includes(item.dataset.move);
    if (item.hidden) continue;
    const at = item.dataset.at.replace("/0/", `/${handoffOf(card)}/`).replace("/1/", `/${card.dataset.lead}/`).replace("lead=1", `lead=${card.dataset.lead}`);
    item.setAttribute(item.matches("a") ? "href" : "formaction", at);
  }
}

function showMenu(button) {
  const card = button.closest("li");
  fill(card);
  menu.showPopover();
  const from = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = from.bottom + size.height + 8 < innerHeight;
  menu.style.top = `${Math.max(8, below ? from.bottom + 4 : from.top - size.height - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(from.right - size.width, innerWidth - size.width - 8))}px`;
  menu.querySelector(":scope > :not([hidden])")?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-card-menu]");
  if (button) { event.preventDefault(); showMenu(button); return; }
  if (event.target.closest("#cardmenu [data-move]")) menu.hidePopover();
});

take?.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (!button || button.dataset.busy) return;
  button.dataset.busy = "1";
  button.classList.add("htmx-request");
  const done = () => { delete button.dataset.busy; button.classList.remove("htmx-request"); refresh(true); };
  window.htmx.ajax("POST", button.getAttribute("formaction"), { source: take, swap: "none" }).then(done, done);
});

/* ---------- keys ---------- */

const cursor = () => document.querySelector("[data-row].is-cursor") ?? document.activeElement?.closest?.("li[data-row]");
const seen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function sideways(step) {
  const lists = [...document.querySelectorAll("#board ul")].filter((list) => seen(list) && list.querySelector("li[data-row]"));
  const card = cursor();
  const at = card ? lists.indexOf(card.parentElement) : -1;
  const list = lists[Math.max(0, Math.min(lists.length - 1, card ? at + step : 0))];
  if (!list) return;
  const place = card ? [...card.parentElement.children].indexOf(card) : 0;
  const to = list.children[Math.min(place, list.children.length - 1)];
  card?.classList.remove("is-cursor");
  to.classList.add("is-cursor");
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
  to.querySelector("h3 a").focus({ preventScroll: true });
}

function pressed(key) {
  const card = cursor();
  if (!card) return false;
  fill(card);
  const item = [...menu.children].find((one) => !one.hidden && one.dataset.cap === key);
  if (!item) return "aorldwb".includes(key);
  if (item.matches("[data-dialog]")) load(item.getAttribute("href"), card.querySelector("h3 a"));
  else item.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (keysOff || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]") || menu.matches(":popover-open")) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], .menu[open]")) return;
  if (event.key === "ArrowLeft") sideways(-1);
  else if (event.key === "ArrowRight") sideways(1);
  else if (event.key.length !== 1 || !pressed(event.key.toLowerCase())) return;
  event.preventDefault();
}, true);

export { refresh };
