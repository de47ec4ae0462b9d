/* A press is one press. The second click of a double click is dropped, also where another button has
   moved under the pointer meanwhile; and a form whose answer is still on its way is not sent again. */
const DOUBLE = 450;
const busy = new WeakSet();
const sent = new WeakSet();
let last = -Infinity;

const sends = (element) => element.closest("[hx-post], [hx-get], [data-dialog]") || element.closest("button:not([type=button])")?.form;

document.addEventListener("click", (event) => {
  // Presses of the keyboard come without a count of clicks.
  if (!event.detail) return;
  if (event.detail > 1 && event.timeStamp - last < DOUBLE) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (sends(event.target)) last = event.timeStamp;
}, true);

document.addEventListener("htmx:confirm", (event) => {
  const { elt, verb } = event.detail;
  if (verb !== "get" && busy.has(elt)) event.preventDefault();
});
document.addEventListener("htmx:beforeSend", (event) => { if (event.detail.requestConfig.verb !== "get") busy.add(event.detail.elt); });
document.addEventListener("htmx:afterRequest", (event) => { busy.delete(event.detail.elt); });

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post]")) return;
  if (sent.has(form)) event.preventDefault();
  else sent.add(form);
});
// Come back to by the browser's own button, it may be sent again.
window.addEventListener("pageshow", () => { for (const form of document.forms) sent.delete(form); });
