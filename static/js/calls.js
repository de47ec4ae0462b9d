/* <a href="tel:…" data-after-call="/…/touch/new">: after the call, the log is already open. */
import { load } from "./dialog.js";

let next = null;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-after-call]");
  if (!link) return;
  next = link.dataset.afterCall;
  // At a desk the page stays in sight; on a phone it is hidden during the call.
  setTimeout(() => { if (!document.hidden) offer(); }, 1500);
});

function offer() {
  if (!next || document.querySelector("dialog[open]")) return;
  const url = next;
  next = null;
  load(url);
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) setTimeout(offer, 400); });
