/* [data-poll="5"] with hx-trigger="poll": asks every five seconds while the page is seen. The
   server answers 204 when nothing changed. */
function ask() {
  if (document.hidden || document.querySelector("dialog[open]")) return;
  const now = Date.now();
  for (const element of document.querySelectorAll("[data-poll]")) {
    const every = Number(element.dataset.poll) * 1000;
    if (now - Number(element.dataset.polled ?? now - every) < every) continue;
    element.dataset.polled = String(now);
    window.htmx.trigger(element, "poll");
  }
}
setTimeout(() => setInterval(ask, 1000), 2000);
