/* Where there is no network a navigation gets our own word for it: see templates/sw.js. */
if ("serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register("/sw.js").catch(() => {});
