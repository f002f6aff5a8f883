// The microphone: opened at first use, recorded as WAV, with its level reported as it comes.

import { Trouble } from "./server.js";

const RATE = 16000; // Hz; what the ears work with
const QUIETEST = -55; // dB that the meter shows as nothing
const REFUSALS = {
  NotAllowedError: "The microphone is refused; allow it in the browser's address bar, or type.",
  NotFoundError: "No microphone is found; plug one in, or type what you would say.",
  NotReadableError: "The microphone is taken by another program; close that one, or type.",
};

export class Microphone {
  #context;
  #stream;
  #blocks = null; // what is recorded, while it is

  /** `onLevel` is called with the level, 0 to 1, and the seconds recorded so far. */
  constructor(onLevel) {
    this.onLevel = onLevel;
  }

  /** Starts to record. */
  async start() {
    if (!this.#stream?.active) await this.#open();
    await this.#context.resume();
    this.#blocks = [];
  }

  /** Ends the recording and gives it as WAV. */
  stop() {
    const blocks = this.#blocks ?? [];
    this.#blocks = null;
    return toWav(blocks, this.#context?.sampleRate ?? RATE);
  }

  /** Lets go of the microphone. */
  close() {
    this.#blocks = null;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#context?.close();
    this.#stream = this.#context = undefined;
  }

  async #open() {
    this.close();
    try {
      // What cleans speech for people on the telephone takes away what the ears listen for.
      const audio = { channelCount: 1, echoCancellation: false, noiseSuppression: false };
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (error) {
      throw new Trouble(REFUSALS[error.name] ?? REFUSALS.NotFoundError);
    }
    let source;
    try {
      this.#context = new AudioContext({ sampleRate: RATE });
      source = this.#context.createMediaStreamSource(this.#stream);
    } catch {
      // Firefox does not change a microphone's rate; the server does.
      this.#context?.close();
      this.#context = new AudioContext();
      source = this.#context.createMediaStreamSource(this.#stream);
    }
    await this.#context.audioWorklet.addModule("/static/recorder.js");
    const recorder = new AudioWorkletNode(this.#context, "recorder", { numberOfOutputs: 0 });
    recorder.port.onmessage = ({ data }) => this.#take(data);
    source.connect(recorder);
  }

  #take(block) {
    if (!this.#blocks) return;
    this.#blocks.push(block);
    const power = block.reduce((sum, sample) => sum + sample * sample, 0) / block.length;
    const level = 1 - (10 * Math.log10(power + 1e-10)) / QUIETEST;
    const seconds = (this.#blocks.length * block.length) / this.#context.sampleRate;
    this.onLevel(Math.min(1, Math.max(0, level)), seconds);
  }
}

function toWav(blocks, rate) {
  const count = blocks.reduce((sum, block) => sum + block.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * count));
  const write = (at, text) => [...text].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, 36 + 2 * count, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true); // bits
  write(36, "data");
  view.setUint32(40, 2 * count, true);
  let at = 44;
  for (const block of blocks) {
    for (const sample of block) {
      view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32767, true);
      at += 2;
    }
  }
  return new Blob([view], { type: "audio/wav" });
}
