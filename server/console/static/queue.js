// Keeps the queue as it is now, without taking the focus away.
import { keys } from "./console.js";

const queue = document.getElementById("queue");
const news = document.getElementById("news");

const matterOf = (element) => element?.closest?.("[data-matter]")?.dataset.matter;

keys.set("a", () => {
  document.activeElement.closest("[data-matter]")?.querySelector("[data-take]")?.click();
});

async function refresh() {
  const answer = await fetch(queue.dataset.list, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const focused = matterOf(document.activeElement);
  queue.innerHTML = await answer.text(); // made by the server, which escapes what others said
  if (focused) queue.querySelector(`[data-matter="${focused}"] a`)?.focus();
  news.textContent = news.dataset.words;
}

const events = new EventSource(queue.dataset.events);
events.addEventListener("queue", refresh);
addEventListener("pagehide", () => events.close());
