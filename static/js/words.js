/* The sentences of scripts, in the language of the page. */
const block = document.getElementById("words");
const words = block ? JSON.parse(block.textContent) : {};

export const say = (key, value = "") => (words[key] ?? "{}").replace("{}", value);

/** Minutes in words, as common.formats.span says business time. */
export function span(minutes) {
  const whole = Math.abs(Math.trunc(minutes));
  const hours = Math.trunc(whole / 60);
  const rest = hours >= 24 ? 0 : whole % 60;
  const parts = hours ? [say("hours", hours)] : [];
  if (rest || !hours) parts.push(say("minutes", rest));
  return parts.join(words.gap ?? " ");
}
