// Hold to talk: by pointer, by Space or Enter, or by a screen reader's click.

const TAP = 350; // milliseconds; a shorter press keeps the microphone open until the next one
const LONGEST = 30; // seconds

export class TalkButton {
  #button;
  #microphone;
  #pressed = 0; // when, while it is held
  #live = false; // recording, or about to
  #recording = false;

  /** `on` has start(), heard(wav), cancelled() and failed(error). */
  constructor(button, microphone, on) {
    this.#button = button;
    this.#microphone = microphone;
    this.on = on;
    button.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      button.setPointerCapture(event.pointerId);
      this.press();
    });
    button.addEventListener("pointerup", () => this.release());
    button.addEventListener("pointercancel", () => this.cancel());
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    // Only assistive technology clicks without a pointer: keys are taken below.
    button.addEventListener("click", (event) => event.detail === 0 && this.#toggle());
    addEventListener("keydown", (event) => this.#key(event, () => event.repeat || this.press()));
    addEventListener("keyup", (event) => this.#key(event, () => this.release()));
    addEventListener("blur", () => this.#pressed && this.release());
  }

  get live() {
    return this.#live;
  }

  press() {
    if (this.#live) {
      this.#finish();
      return;
    }
    this.#pressed = performance.now();
    this.#start();
  }

  release() {
    const held = this.#pressed && performance.now() - this.#pressed;
    this.#pressed = 0;
    // A short press, or one that only let the browser ask for the microphone, keeps it open.
    if (held >= TAP && this.#recording) this.#finish();
  }

  /** Forgets what was recorded. */
  cancel() {
    if (!this.#live) return;
    this.#end();
    this.on.cancelled();
  }

  /** The microphone tells what it hears, and for how long. */
  tell(level, seconds) {
    this.#button.style.setProperty("--level", level.toFixed(2));
    if (seconds >= LONGEST) this.#finish();
  }

  #toggle() {
    this.press();
    this.#pressed = 0;
  }

  async #start() {
    this.#live = true;
    this.#recording = false;
    this.#button.setAttribute("aria-pressed", "true");
    this.#label("Listening");
    this.on.start();
    try {
      await this.#microphone.start();
    } catch (error) {
      if (!this.#live) return;
      this.#end();
      this.on.failed(error);
      return;
    }
    if (!this.#live) {
      this.#microphone.stop(); // cancelled while it opened
      return;
    }
    this.#recording = true;
  }

  #finish() {
    const recorded = this.#recording;
    const wav = this.#end();
    if (recorded) this.on.heard(wav);
    else this.on.cancelled();
  }

  #end() {
    this.#live = this.#recording = false;
    this.#button.setAttribute("aria-pressed", "false");
    this.#button.style.setProperty("--level", 0);
    this.#label("Hold to talk");
    return this.#microphone.stop();
  }

  #key(event, act) {
    const here = event.target === this.#button;
    const nowhere = event.target === document.body && event.code === "Space";
    if (!(here && ["Space", "Enter", "NumpadEnter"].includes(event.code)) && !nowhere) return;
    event.preventDefault();
    act();
  }

  #label(text) {
    this.#button.querySelector("span").textContent = text;
  }
}
