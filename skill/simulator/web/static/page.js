// The page: ties the talk button, the typed line, the session and the speaker's voice together.

import { Conversation } from "./conversation.js";
import { Countdown } from "./countdown.js";
import { Microphone } from "./microphone.js";
import { Player } from "./player.js";
import { Trouble, send, setting } from "./server.js";
import { TalkButton } from "./talk.js";

const $ = (id) => document.getElementById(id);
const player = new Player($("answer"));
const microphone = new Microphone((level, seconds) => {
  $("level").value = level;
  activity(`Listening · ${Math.floor(seconds)} s`);
  talk.tell(level, seconds);
});
const talk = new TalkButton($("talk"), microphone, {
  start() {
    interrupt();
    $("level").classList.add("live");
    activity("Opening the microphone …");
  },
  heard(wav) {
    $("level").classList.remove("live");
    take("hear", wav);
  },
  cancelled() {
    $("level").classList.remove("live");
    settle();
  },
  failed(error) {
    $("level").classList.remove("live");
    trouble(error);
    settle();
  },
});
const conversation = new Conversation($("conversation"), {
  again: (clip) => next((mine) => speak(clip, mine)),
  json(turn) {
    $("request").textContent = JSON.stringify(turn.request, null, 2);
    $("response").textContent = JSON.stringify(turn.response, null, 2);
    $("drawer").showModal();
  },
});
const countdown = new Countdown(
  Number(setting("silence")),
  (left) => {
    $("countdown").value = left / countdown.seconds;
    activity(`Waiting · silence counts in ${Math.ceil(left)} s`);
  },
  () => staySilent(),
);

let tab; // a promise of this tab's id; its device lives on the server
let latest = 0; // number of the latest turn; what belongs to an older one is not spoken
let session = "new"; // new, open or closed

// One turn.

function take(path, body, aloud = true) {
  return next(async (mine) => {
    life("open");
    activity("Thinking …");
    const turn = await send(`/tabs/${await tab}/${path}`, body);
    $("welcome").hidden = true;
    conversation.add(turn, screen(), path === "hear");
    announce(`You said: ${turn.utterance || "something unknown"}. Answer: ${turn.speech}`);
    session = "open";
    if (!turn.session_open) close("The session is closed.");
    if (aloud && $("aloud").checked) await speak(turn.clip, mine);
  });
}

function staySilent() {
  return next(async (mine) => {
    const { clip, speech } = await send(`/tabs/${await tab}/silence`);
    if (!speech) {
      close("Two silences: the session is closed.");
      return;
    }
    conversation.addReprompt(speech);
    announce(`Silence. The skill asks again: ${speech}`);
    if ($("aloud").checked) await speak(clip, mine);
  });
}

async function speak(clip, mine) {
  if (mine !== latest) return;
  life("open");
  activity("Speaking");
  await player.play(clip);
}

/** Interrupts what went on, acts, and waits for the listener unless something newer came. */
async function next(act) {
  const mine = interrupt();
  await attempt(() => act(mine));
  if (mine === latest) settle();
}

/** Stops whatever goes on, at once; gives the number of what comes now. */
function interrupt() {
  player.stop();
  stopWaiting();
  $("trouble").hidden = true;
  latest += 1;
  return latest;
}

/** What the device does once nobody speaks. */
function settle() {
  stopWaiting();
  if (talk.live) return;
  if (session !== "open") {
    life(session);
    activity(session === "new" ? "Ask something to begin" : "Ask to open a new session");
    microphone.close();
    return;
  }
  life("waiting");
  activity("Waiting for you");
  if ($("patience").checked && !$("say").value) {
    $("countdown").hidden = false;
    countdown.start();
  }
}

function stopWaiting() {
  countdown.stop();
  $("countdown").hidden = true;
}

// What the page tells.

function life(now) {
  for (const step of document.querySelectorAll("[data-life]")) {
    if (step.dataset.life === now) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
}

function activity(text) {
  // Called many times a second; an unchanged value should cost no layout.
  if ($("activity").textContent !== text) $("activity").textContent = text;
}

function announce(text) {
  $("announcer").textContent = text;
}

function trouble(error) {
  if (!(error instanceof Trouble)) console.error(error);
  const told = error instanceof Trouble ? error.message : "The page failed; reload it.";
  $("trouble").firstElementChild.textContent = told;
  $("trouble").hidden = false;
}

async function attempt(act) {
  try {
    await act();
  } catch (error) {
    trouble(error);
  }
}

function close(why) {
  session = "closed";
  conversation.addEvent(why);
  announce(why);
}

// The device, and conversations on file.

function screen() {
  return document.querySelector('[name="screen"]:checked').value;
}

function openTab() {
  interrupt();
  session = "new";
  tab = send(`/tabs?locale=${encodeURIComponent($("locale").value)}&screen=${screen()}`).then(
    (opened) => opened.tab,
  );
  tab.catch(trouble);
  settle();
}

function changeDevice() {
  openTab();
  if (!$("welcome").hidden) return; // nothing was said yet
  const device = screen() === "yes" ? "a speaker with a screen" : "a speaker";
  conversation.addEvent(`A new device: ${device}, ${$("locale").value}.`);
}

function endSession() {
  return next(async () => {
    await send(`/tabs/${await tab}/end`);
    if (session === "open") close("You ended the session.");
  });
}

async function saveRecord() {
  const link = document.createElement("a");
  link.href = `/tabs/${await tab}/record`;
  link.download = "conversation.json";
  link.click();
}

async function replay(file) {
  const { locale, utterances, leaves } = await send("/replays", file);
  $("locale").value = locale;
  changeDevice();
  for (const [place, utterance] of utterances.entries()) {
    const before = latest;
    await take("say", utterance, place === utterances.length - 1);
    if (latest !== before + 1 || !$("trouble").hidden) return; // someone spoke in between
  }
  if (leaves) await endSession();
}

// Hands on the page.

$("typing").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("say").value.trim();
  $("say").value = "";
  if (text) take("say", text);
});
$("say").addEventListener("input", () => {
  if (!$("say").value && session === "open" && $("answer").paused) settle();
  else stopWaiting();
});
for (const suggestion of document.querySelectorAll("[data-say]")) {
  suggestion.addEventListener("click", () => {
    $("talk").focus({ preventScroll: true });
    take("say", suggestion.dataset.say);
  });
}
$("open").addEventListener("click", () => take("say", `open ${setting("invocation")}`));
$("end").addEventListener("click", endSession);
$("record").addEventListener("click", () => attempt(saveRecord));
$("replay").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (file) await attempt(() => replay(file));
  target.value = "";
});
$("locale").addEventListener("change", changeDevice);
for (const choice of document.querySelectorAll('[name="screen"]')) {
  choice.addEventListener("change", changeDevice);
}
$("patience").addEventListener("change", () => {
  if (session === "open" && $("answer").paused) settle();
});
$("aloud").addEventListener("change", () => player.stop());
$("options").addEventListener("click", () => {
  const shown = $("side").classList.toggle("shown");
  $("options").setAttribute("aria-expanded", String(shown));
});
$("close").addEventListener("click", () => $("drawer").close());
$("trouble").querySelector("button").addEventListener("click", () => {
  $("trouble").hidden = true;
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || $("drawer").open) return;
  if (talk.live) talk.cancel();
  else player.stop();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden && !talk.live) microphone.close();
});

openTab();
