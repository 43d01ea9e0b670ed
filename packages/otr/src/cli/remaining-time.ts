/** Steps whose time is looked at. */
const WINDOW = 100;
/** A step that took longer than this multiple of the median was not only computed: the process, or the machine, slept. */
const PAUSE = 50;

/** How long a run will go on, from its last steps; a pause of the process counts no more than a slow step. */
export class RemainingTime {
  readonly #now: () => number;
  #durations: number[] = [];
  #last: number | null = null;

  /** @param now clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes up the end of a step, evaluation and saving since the one before included. */
  endStep(): void {
    const now = this.#now();
    // A clock may be put back.
    if (this.#last !== null && now >= this.#last) {
      this.#durations = [...this.#durations, now - this.#last].slice(-WINDOW);
    }
    this.#last = now;
  }

  /** Milliseconds that so many steps will take; null before two have ended. */
  ofSteps(steps: number): number | null {
    const { length } = this.#durations;
    if (length === 0) return null;
    const median = this.#durations.toSorted((a, b) => a - b)[length >> 1]!;
    const sum = this.#durations.reduce((total, duration) => total + Math.min(duration, PAUSE * median), 0);
    return (steps * sum) / length;
  }
}
