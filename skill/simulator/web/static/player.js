// Plays one answer at a time; stopping is immediate, so that a new turn can interrupt.

import { Trouble, load } from "./server.js";

const KEPT = 20; // answers that can be played again

export class Player {
  #audio;
  #sounds = new Map(); // clip -> object URL
  #stop = () => {};

  constructor(audio) {
    this.#audio = audio;
  }

  /** Plays a clip to its end or until it is stopped. */
  async play(clip) {
    this.stop();
    const giveUp = new AbortController();
    const stopped = new Promise((resolve) => {
      this.#stop = () => {
        giveUp.abort();
        this.#audio.pause();
        resolve();
      };
    });
    try {
      await Promise.race([this.#play(clip, giveUp.signal), stopped]);
    } catch (error) {
      if (giveUp.signal.aborted) return;
      if (error.name !== "NotAllowedError") throw error;
      throw new Trouble("The browser holds the sound back; click into the page and ask again.");
    }
  }

  /** Falls silent at once. */
  stop() {
    this.#stop();
  }

  async #play(clip, signal) {
    const sound = this.#sounds.get(clip) ?? (await this.#fetch(clip, signal));
    if (signal.aborted) return;
    const ended = new Promise((resolve) => (this.#audio.onended = resolve));
    this.#audio.src = sound;
    await this.#audio.play();
    await ended;
  }

  async #fetch(clip, signal) {
    const sound = URL.createObjectURL(await load(`/clips/${clip}`, signal));
    this.#sounds.set(clip, sound);
    if (this.#sounds.size > KEPT) {
      const [oldest, url] = this.#sounds.entries().next().value;
      URL.revokeObjectURL(url);
      this.#sounds.delete(oldest);
    }
    return sound;
  }
}
