/** @file Gradient norms that stand far out of those before. */

/** Norms that the next is compared with: enough for a median, few enough to follow a run that calms down. */
const WINDOW = 100;
/** Norms that must be known before anything is called unusual. */
const FEWEST = 20;
/** A spike is above this multiple of the median, */
const LARGEST_RATIO = 4;
/** and further above it than this multiple of the norms' usual distance from it (the median of distances). */
const LARGEST_DISTANCE = 15;

/** What {@link GradientSpikes} has seen: plain JSON, part of a checkpoint. */
export interface GradientSpikesState {
  /** The last norms, oldest first. */
  readonly norms: readonly number[];
  /** Norms to come before the next spike is told. */
  readonly silent: number;
}

/**
 * Finds spikes by the Hampel identifier: distance from the median of the last norms, in units of their median distance, so
 * that neither a spike nor the slow fall of the norm moves the measure. A spike often comes with others: after one no more
 * are told until as many norms have come as are compared with.
 */
export class GradientSpikes {
  #norms: number[] = [];
  #silent = 0;

  /** Takes up the finite norm of a step; returns the median of those before where it is a spike, else null. */
  add(norm: number): number | null {
    const median = medianOf(this.#norms);
    const usual = medianOf(this.#norms.map((other) => Math.abs(other - median)));
    const isKnown = this.#norms.length >= FEWEST;
    const isSpike = norm > LARGEST_RATIO * median && norm - median > LARGEST_DISTANCE * usual;
    this.#norms = [...this.#norms, norm].slice(-WINDOW);
    if (this.#silent > 0) this.#silent--;
    else if (isKnown && isSpike) {
      this.#silent = WINDOW;
      return median;
    }
    return null;
  }

  get state(): GradientSpikesState {
    return { norms: this.#norms, silent: this.#silent };
  }

  restore({ norms, silent }: GradientSpikesState): void {
    this.#norms = norms.slice(-WINDOW);
    this.#silent = silent;
  }
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
