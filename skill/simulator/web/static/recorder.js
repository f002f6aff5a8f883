// Runs in the audio thread: hands the microphone's samples on, a fortieth of a second at a time.

class Recorder extends AudioWorkletProcessor {
  #block = new Float32Array(Math.round(sampleRate / 40));
  #filled = 0;

  process([[samples]]) {
    for (const sample of samples ?? []) {
      this.#block[this.#filled++] = sample;
      if (this.#filled === this.#block.length) {
        this.port.postMessage(this.#block.slice());
        this.#filled = 0;
      }
    }
    return true;
  }
}

registerProcessor("recorder", Recorder);
