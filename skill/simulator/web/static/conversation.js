// Writes what was said into the page: turns with their match, sources and card.

const CARD = { no: ["app", "Card in the Alexa app"], yes: ["screen", "On the device’s screen"] };

export class Conversation {
  #list;

  /** `on` has again(clip) and json(turn). */
  constructor(list, on) {
    this.#list = list;
    this.on = on;
  }

  /** One turn; `screen` is "yes" or "no", `spoken` whether it came by the microphone. */
  add(turn, screen, spoken) {
    const said = make("p", "said", turn.utterance || "(words that this skill does not know)");
    if (spoken) said.prepend(make("small", "", "heard"));
    const answer = make("div", "answer", make("p", "speech", turn.speech));
    if (turn.card) answer.append(card(turn.card, ...CARD[screen]));
    answer.append(sources(turn.sources));
    answer.append(this.#told(turn));
    this.#append(make("li", "turn", said, answer));
  }

  /** The reprompt after a silence. */
  addReprompt(speech) {
    const answer = make("div", "answer", make("p", "speech", speech));
    this.#append(make("li", "turn", make("p", "said", "(silence)"), answer));
  }

  /** Something that happened, in a few words. */
  addEvent(text) {
    this.#append(make("li", "event", text));
  }

  #told(turn) {
    const told = make("div", "told", match(turn), make("code", "", turn.intent));
    if (turn.runner_up) told.append(make("span", "", runnerUp(turn)));
    const again = button("Play again", () => this.on.again(turn.clip));
    told.append(make("span", "more", again, button("JSON", () => this.on.json(turn))));
    return told;
  }

  #append(entry) {
    this.#list.append(entry);
    scrollTo({ top: document.documentElement.scrollHeight });
  }
}

function match(turn) {
  const scored = ["near", "none"].includes(turn.match) && turn.score > 0;
  const mark = make("span", "match", scored ? `${turn.match} ${score(turn.score)}` : turn.match);
  mark.dataset.match = turn.match;
  return mark;
}

function runnerUp(turn) {
  const place = turn.match === "search" ? "nearest is" : "then";
  return `${place} ${turn.runner_up} ${score(turn.runner_up_score)}`;
}

function score(value) {
  return value.toFixed(2);
}

function sources(cited) {
  if (!cited.length) return make("p", "sources", "No source");
  const row = make("div", "sources", "From");
  const place = make("div", "cited");
  place.hidden = true;
  const buttons = cited.map((source) => {
    const chip = button(source.locator, () => {
      const opens = chip.getAttribute("aria-expanded") === "false";
      buttons.forEach((other) => other.setAttribute("aria-expanded", "false"));
      chip.setAttribute("aria-expanded", String(opens));
      place.hidden = !opens;
      place.replaceChildren(...(opens ? told(source) : []));
    });
    chip.setAttribute("aria-label", `Source ${source.locator}`);
    chip.setAttribute("aria-expanded", "false");
    return chip;
  });
  row.append(...buttons, place);
  return row;
}

function told(source) {
  const [, paragraph, sentence] = source.locator.match(/^p(\d+)\.s(\d+)$/) ?? [];
  const where = paragraph ? `Paragraph ${paragraph}, sentence ${sentence}` : source.locator;
  const gist = make("p", "", make("b", "", where), source.sentence ? ` · ${source.gist}` : "");
  return [gist, source.sentence ? make("blockquote", "", source.sentence) : source.gist];
}

function card({ title, text }, kind, caption) {
  const paragraphs = text.split("\n\n").map((part) => {
    return make("p", part.startsWith("Source:") ? "small" : "", part);
  });
  const face = make("div", "", make("h3", "", title), ...paragraphs);
  return make("figure", `card ${kind}`, make("figcaption", "", caption), face);
}

function button(label, act) {
  const made = make("button", "", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function make(tag, kind, ...children) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...children);
  return made;
}
