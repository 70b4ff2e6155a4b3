// What every page understands: keys, dialogs. Pages work without it.
const LISTED = "[data-matter], tr.target";
let begun = "";

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

export const keys = new Map(); // a page adds its own: key -> function

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const pressed = begun ? `${begun} ${event.key}` : event.key;
  begun = "";
  const link = document.querySelector(`[data-key="${CSS.escape(pressed)}"]`);
  if (event.key === "?") open("keys");
  else if (event.key === "g") begun = "g";
  else if (link) link.tagName === "A" ? location.assign(link.href) : activate(link);
  else if (keys.has(pressed)) keys.get(pressed)(event);
  else if (pressed === "j" || pressed === "k") step(pressed === "j" ? 1 : -1);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) open(opener.dataset.opens);
});

// What cannot be undone is asked about once more.
document.addEventListener("submit", (event) => {
  const words = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (words && !confirm(words)) event.preventDefault();
});

function open(id) {
  document.getElementById(id)?.showModal();
}

function activate(element) {
  if (element.tagName === "BUTTON") element.click();
  else element.focus();
}

function step(by) {
  const links = [...document.querySelectorAll(LISTED)].map((row) => row.querySelector("a"));
  if (!links.length) return;
  const at = links.findIndex((link) => link.closest(LISTED).contains(document.activeElement));
  links[Math.min(Math.max(at + by, 0), links.length - 1)].focus();
}
