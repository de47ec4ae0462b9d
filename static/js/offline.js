/* The connection: [data-connection] says when it is lost and when it is back. What was typed into a
   form stays in this window, also across a reload, until the server has it. Never passwords, never
   after signing out. */
import { toast } from "./toast.js";

const banner = document.querySelector("[data-connection]");
const me = document.body.dataset.me ?? "";
const PREFIX = "typed:";
const AGAIN = 4000;
let lost = false;
let trying = 0;

/* ---------- lost and back ---------- */

function set(connected) {
  if (connected === !lost || !banner) return;
  lost = !connected;
  banner.hidden = connected;
  clearInterval(trying);
  if (lost) trying = setInterval(ask, AGAIN);
  else toast(banner.dataset.back);
}

async function ask() {
  if (document.hidden) return;
  try {
    await fetch(banner.dataset.connection, { method: "HEAD", cache: "no-store" });
    set(true);
  } catch {
    set(false);
  }
}

window.addEventListener("offline", () => set(false));
window.addEventListener("online", ask);
document.addEventListener("htmx:sendError", () => set(false));
document.addEventListener("connection", (event) => set(event.detail));
document.addEventListener("visibilitychange", () => { if (lost) ask(); });
if (navigator.onLine === false) set(false);

// A plain form would leave the page for the browser's own error: it waits instead.
document.addEventListener("submit", (event) => {
  if (!lost || event.target.method !== "post" || event.target.matches("[hx-post]")) return;
  event.preventDefault();
  toast(banner.dataset.wait, "error");
}, true);

/* ---------- what was typed ---------- */

const store = (() => { try { return window.sessionStorage; } catch { return null; } })();
const all = () => (store ? Object.keys(store).filter((key) => key.startsWith(PREFIX)) : []);
const own = (key) => key.startsWith(`${PREFIX}${me}:`);

// Another person in the same window, or nobody: theirs is gone.
for (const key of all()) if (!me || !own(key)) store.removeItem(key);

const FREE = "input:not([type=hidden], [type=file], [type=password], [type=submit]), textarea, select";
const keeps = (form) => me && store && form.method === "post" && form.querySelector("textarea, input[type=text], input:not([type])") && !form.querySelector("[type=password]") && !form.matches("[data-forget]");
// Dialogs are forms of the page they stand over; the same address is the same form.
const name = (form) => `${PREFIX}${me}:${form.getAttribute("action") || location.pathname}#${form.id}`;

function keep(form) {
  const values = {};
  for (const field of form.querySelectorAll(FREE)) {
    if (!field.name) continue;
    if (field.matches("[type=checkbox], [type=radio]")) { values[field.name] ??= []; if (field.checked) values[field.name].push(field.value); }
    else (values[field.name] ??= []).push(...(field.multiple ? [...field.selectedOptions].map((one) => one.value) : [field.value]));
  }
  try { store.setItem(name(form), JSON.stringify({ values })); } catch { /* full: what is typed still stands in the form */ }
}

function give(form) {
  const kept = keeps(form) && JSON.parse(store.getItem(name(form)) ?? "null");
  if (!kept || form.dataset.kept) return;
  form.dataset.kept = "1";
  // The server's own answer to what was sent is newer than what was kept.
  if (kept.sent || form.querySelector("[aria-invalid=true]")) { if (kept.sent) store.removeItem(name(form)); return; }
  let back = false;
  for (const field of form.querySelectorAll(FREE)) {
    const values = kept.values[field.name];
    if (!values) continue;
    if (field.matches("[type=checkbox], [type=radio]")) { if (field.checked !== values.includes(field.value)) { field.checked = !field.checked; back = true; } continue; }
    if (field.multiple) continue;
    const value = values.shift();
    if (value !== undefined && field.value !== value) { field.value = value; back = true; }
    if (field.value !== value) continue;
  }
  if (!back) return;
  form.dispatchEvent(new Event("kept", { bubbles: true }));
  form.querySelector(FREE)?.dispatchEvent(new Event("input", { bubbles: true }));
  toast(banner?.dataset.typed ?? "");
}

document.addEventListener("input", (event) => { const { form } = event.target; if (form && keeps(form)) keep(form); });
document.addEventListener("change", (event) => { const { form } = event.target; if (form && keeps(form)) keep(form); });
document.addEventListener("reset", (event) => { if (keeps(event.target)) store.removeItem(name(event.target)); });

// The server has it: an answer of success, however the form was sent.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  const status = event.detail.xhr?.status ?? 0;
  if (form && keeps(form) && event.detail.requestConfig?.verb === "post" && status >= 200 && status < 400) store.removeItem(name(form));
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.matches("[hx-post]") || !keeps(form)) return;
  const kept = JSON.parse(store.getItem(name(form)) ?? "null");
  if (kept) store.setItem(name(form), JSON.stringify({ ...kept, sent: true }));
});
// Given up on purpose: by closing its dialog.
document.addEventListener("click", (event) => {
  const form = event.target.closest("dialog [data-close]")?.closest("dialog")?.querySelector("form");
  if (form && keeps(form)) store.removeItem(name(form));
});

// A plain form was sent from another page and that worked: this page is its answer.
for (const key of all()) if (JSON.parse(store.getItem(key)).sent && ![...document.forms].some((form) => name(form) === key)) store.removeItem(key);

const look = (root) => { for (const form of root.querySelectorAll?.("form") ?? []) give(form); };
look(document);
document.addEventListener("htmx:afterSettle", (event) => look(event.detail.target ?? event.target));
