{% load static %}/* Keeps one page that belongs to nobody: "you are offline". No other answer is ever stored here. */
const PAGE = "{{ page }}";
const STYLE = "{% static 'css/app.css' %}";
const KEPT = `offline ${STYLE}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll([new Request(PAGE, { credentials: "omit" }), STYLE])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)))));
});
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate" && event.request.method === "GET") {
    event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
  } else if (event.request.url === new URL(STYLE, location).href) {
    event.respondWith(fetch(event.request).catch(() => caches.match(STYLE)));
  }
});
