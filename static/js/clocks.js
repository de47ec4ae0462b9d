/* Promises tick by the minute: .clock[data-due]. data-left (business minutes, when served) counts
   down only until data-until, the end of the present working hours. The server decides lateness;
   here only the words follow. Becoming late is announced once. */
import { say, span } from "./words.js";

const served = Date.now();
const MINUTE = 60000;
const announced = new WeakSet();

function minutesLeft(clock, now) {
  const due = Date.parse(clock.dataset.due);
  if (clock.dataset.left === undefined) return Math.floor((due - now) / MINUTE);
  const until = clock.dataset.until ? Math.min(now, Date.parse(clock.dataset.until)) : now;
  const born = Number(clock.dataset.born ?? served);
  const gone = clock.dataset.until ? Math.max(0, until - born) : 0;
  return Number(clock.dataset.left) - Math.floor(gone / MINUTE);
}

function draw(clock, now) {
  const due = Date.parse(clock.dataset.due);
  const late = now >= due;
  const left = minutesLeft(clock, now);
  const text = clock.matches("[data-clock]") ? clock : clock.querySelector("[data-clock]");
  if (!text) return;
  const words = say(late ? "late" : "left", span(late ? (left < 0 ? left : (due - now) / MINUTE) : Math.max(left, 0)));
  const prefix = clock.dataset.prefix ? `${clock.dataset.prefix} ` : "";
  if (text.textContent !== prefix + words) text.textContent = prefix + words;
  if (late && !clock.classList.contains("clock--late")) becomeLate(clock);
  else if (!late && clock.dataset.warn && now >= Date.parse(clock.dataset.warn)) clock.classList.add("clock--soon");
}

function becomeLate(clock) {
  clock.classList.remove("clock--soon");
  clock.classList.add("clock--late");
  const ring = clock.querySelector(".ring");
  if (ring) {
    const sprite = document.querySelector(".icon use")?.getAttribute("href")?.split("#")[0] ?? "";
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${sprite}#i-alert`);
    icon.append(use);
    ring.replaceWith(icon);
  }
  clock.querySelector("small")?.remove();
  if (announced.has(clock)) return;
  announced.add(clock);
  const status = document.createElement("span");
  status.className = "vh";
  status.setAttribute("role", "status");
  document.body.append(status);
  requestAnimationFrame(() => { status.textContent = say("nowLate"); });
  setTimeout(() => status.remove(), 5000);
}

function tick() {
  const now = Date.now();
  for (const clock of document.querySelectorAll(".clock[data-due]")) {
    draw(clock, now);
  }
}

document.addEventListener("htmx:load", (event) => {
  for (const clock of event.target.querySelectorAll?.(".clock[data-due]") ?? []) clock.dataset.born ??= String(Date.now());
});
setInterval(() => { if (!document.hidden) tick(); }, 20000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
