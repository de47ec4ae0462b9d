/* Single keys press the button or link that carries them: [data-key="a"]. "g" and then a key goes
   to [data-go="l"]. Off while typing, in dialogs, and where the person switched them off. */
import { open } from "./dialog.js";

const off = document.body.dataset.keys === "off";
const typing = (element) => element.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
let going = 0;

const seen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
// A key of a row is pressed on the row under the cursor, never on whichever comes first.
const find = (attribute, key) => [...document.querySelectorAll(`[${attribute}="${CSS.escape(key)}"]`)].find((element) => seen(element) && !element.closest("[data-row]"));

function press(element) {
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (off || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (Date.now() - going < 1200) {
    going = 0;
    const place = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (place) { event.preventDefault(); place.click(); }
    return;
  }
  if (key === "g") { going = Date.now(); return; }
  if (key === "?") { event.preventDefault(); open(document.getElementById("keys")); return; }
  // The row under the cursor comes first, then the page.
  const row = document.querySelector("[data-row].is-cursor");
  const target = (row && [...row.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(seen)) || find("data-key", key);
  if (!target || target.disabled) return;
  event.preventDefault();
  press(target);
});
