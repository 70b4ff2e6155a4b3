// The recording beside what was said: click a turn to hear it; the turn that is heard is marked.
import { keys } from "./console.js";
import WaveSurfer from "./vendor/wavesurfer-7.12.12.esm.js";

const LARGEST_DRAWN = 40e6; // bytes: a longer recording is heard without its picture
const SILENCE = { level: 0.02, seconds: 0.8, kept: 0.25 };

const player = document.querySelector(".player");
if (player) begin(player);

function begin(player) {
  const sound = document.getElementById("sound");
  const button = document.getElementById("play");
  const where = document.getElementById("where");
  const skip = document.getElementById("skip");
  const wave = document.getElementById("wave");
  const turns = [...document.querySelectorAll(".turn[data-start]")].map((element) => ({
    element, start: Number(element.dataset.start) / 1000,
  }));
  const colours = getComputedStyle(document.documentElement);
  const colour = (name) => colours.getPropertyValue(name).trim();
  let silences = [];
  let marked = null;

  sound.src = player.dataset.source;
  sound.currentTime = Number(player.dataset.begin) / 1000;
  if (Number(player.dataset.size) <= LARGEST_DRAWN) draw();
  else wave.classList.remove("waiting");

  function draw() {
    const picture = WaveSurfer.create({
      container: wave, media: sound, url: player.dataset.source, cspNonce: player.dataset.nonce,
      height: "auto", barWidth: 2, barGap: 1.5, barRadius: 2, cursorWidth: 2, normalize: true,
      waveColor: colour("--wave"), progressColor: colour("--accent"), cursorColor: colour("--ink"),
      splitChannels: player.dataset.two ? [{}, {}] : undefined,
    });
    const at = sound.currentTime;
    picture.on("ready", (seconds) => {
      wave.classList.remove("waiting");
      silences = silent(picture.getDecodedData());
      player.dataset.ready = "yes";
      const begin = Number(player.dataset.begin) / 1000;
      if (sound.paused && begin < seconds) sound.currentTime = at || begin;
      for (const mark of wave.querySelectorAll(".marks rect")) mark.setAttribute("x", (1000 * mark.dataset.at) / 1000 / seconds);
      show();
    });
    picture.on("error", failed);
  }

  function silent(decoded) {
    if (!decoded) return [];
    const samples = decoded.getChannelData(0);
    const other = decoded.numberOfChannels > 1 ? decoded.getChannelData(1) : samples;
    const step = Math.floor(decoded.sampleRate / 20);
    const found = [];
    let since = null;
    for (let at = 0; at < samples.length; at += step) {
      let loudest = 0;
      for (let n = at; n < Math.min(at + step, samples.length); n += 4) loudest = Math.max(loudest, Math.abs(samples[n]), Math.abs(other[n]));
      const second = at / decoded.sampleRate;
      if (loudest < SILENCE.level) since ??= second;
      else {
        if (since !== null && second - since > SILENCE.seconds) found.push([since + SILENCE.kept, second - SILENCE.kept]);
        since = null;
      }
    }
    return found;
  }

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  function show() {
    const now = sound.currentTime;
    const whole = Number.isFinite(sound.duration) ? ` / ${clock(sound.duration)}` : "";
    where.textContent = clock(now) + whole;
    if (skip.checked && !sound.paused) {
      const gap = silences.find(([from, to]) => now >= from && now < to);
      if (gap) sound.currentTime = gap[1];
    }
    const heard = turns.findLast((turn) => turn.start <= now + 0.05);
    if (heard?.element === marked) return;
    marked?.classList.remove("now");
    marked?.removeAttribute("aria-current");
    marked = heard?.element ?? null;
    marked?.classList.add("now");
    marked?.setAttribute("aria-current", "true");
    if (!sound.paused) marked?.scrollIntoView({ block: "nearest" });
  }

  function hear(second) {
    sound.currentTime = second;
    sound.play().catch(failed);
    show();
  }

  function failed() {
    if (sound.error || !player.dataset.ready) document.getElementById("unheard").hidden = false;
    wave.classList.remove("waiting");
  }

  function toggle() {
    if (sound.paused) sound.play().catch(failed);
    else sound.pause();
  }

  function shown() {
    const playing = !sound.paused;
    button.setAttribute("aria-label", playing ? button.dataset.pause : button.dataset.play);
    button.querySelector('[data-icon="play"]').hidden = playing;
    button.querySelector('[data-icon="pause"]').hidden = !playing;
  }

  button.addEventListener("click", toggle);
  for (const event of ["play", "pause", "ended"]) sound.addEventListener(event, shown);
  for (const event of ["timeupdate", "seeking", "loadedmetadata"]) sound.addEventListener(event, show);
  sound.addEventListener("error", failed);
  document.getElementById("speed").addEventListener("change", (event) => { sound.playbackRate = Number(event.target.value); });
  for (const turn of turns) turn.element.addEventListener("click", () => { if (!String(getSelection())) hear(turn.start); });
  for (const flag of document.querySelectorAll("[data-hear]")) flag.addEventListener("click", () => hear(Math.max(Number(flag.dataset.hear) / 1000 - 1, 0)));

  const turnBy = (by) => {
    const at = turns.findIndex((turn) => turn.element === marked);
    const next = turns[Math.min(Math.max(at + by, 0), turns.length - 1)];
    if (next) hear(next.start);
  };
  keys.set(" ", (event) => { if (!event.target.closest("button, a, summary")) toggle(); else event.target.click(); });
  keys.set("ArrowLeft", () => { sound.currentTime = Math.max(sound.currentTime - 5, 0); });
  keys.set("ArrowRight", () => { sound.currentTime += 5; });
  keys.set("n", () => turnBy(1));
  keys.set("v", () => turnBy(-1));
}
