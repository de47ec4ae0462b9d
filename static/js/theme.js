/* Light, dark or as the device: at once in the page, and remembered by the server. */
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  const wanted = event.submitter?.value;
  if (!form || !wanted) return;
  event.preventDefault();
  document.documentElement.dataset.theme = wanted;
  for (const button of document.querySelectorAll("[data-theme-form] button[name=theme]")) {
    button.setAttribute("aria-pressed", button.value === wanted);
  }
  const body = new FormData(form);
  body.set("theme", wanted);
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
});
