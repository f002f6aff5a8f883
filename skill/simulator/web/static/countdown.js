// Counts down the listener's silence.

const STEP = 100; // milliseconds

export class Countdown {
  #timer = 0;

  /** `tell` is called with the seconds left, `end` when none are left. */
  constructor(seconds, tell, end) {
    Object.assign(this, { seconds, tell, end });
  }

  start() {
    this.stop();
    const until = performance.now() + 1000 * this.seconds;
    const step = () => {
      const left = (until - performance.now()) / 1000;
      this.tell(Math.max(0, left));
      if (left > 0) return;
      this.stop();
      this.end();
    };
    this.#timer = setInterval(step, STEP);
    step();
  }

  stop() {
    clearInterval(this.#timer);
  }
}
