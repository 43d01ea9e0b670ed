/** @file The random order in which the rows of an epoch are seen. */
import { OtrError } from "../errors.js";
import { type PhiloxKey, philox } from "./philox.js";

export interface SamplingOptions {
  /** A non-negative safe integer. */
  readonly seed: number;
  /** 0 for the first epoch. */
  readonly epoch: number;
}

/** Keeps this stream apart from any other use of the same seed. */
const STREAM = 0x6f726472;

/**
 * A random order of `count` rows for one epoch: a permutation of `0 .. count - 1` that is a pure function of the count, the
 * seed and the epoch, so a resumed run sees the rows that the straight run would have seen.
 *
 * It is a Fisher-Yates shuffle over Philox words, each swap drawn without modulo bias.
 * @throws OtrError `INVALID_ARGUMENT` for a count, seed or epoch that is no non-negative integer.
 */
export function epochOrder(count: number, options: SamplingOptions): Uint32Array {
  requireNatural("count", count, 2 ** 32 - 1);
  requireNatural("seed", options.seed, Number.MAX_SAFE_INTEGER);
  requireNatural("epoch", options.epoch, 2 ** 32 - 1);
  const order = Uint32Array.from({ length: count }, (_, index) => index);

  const nextWord = wordStream([options.seed >>> 0, Math.floor(options.seed / 2 ** 32)], options.epoch);
  for (let last = count - 1; last > 0; last--) {
    const chosen = below(last + 1, nextWord);
    const swapped = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = swapped;
  }
  return order;
}

/** Successive unsigned 32-bit words of the Philox stream of a seed and an epoch. */
function wordStream(key: PhiloxKey, epoch: number): () => number {
  let block = philox(key, [0, 0, epoch, STREAM]);
  let used = 0;
  return () => {
    if (used > 0 && used % 4 === 0) {
      const index = used / 4;
      block = philox(key, [index >>> 0, Math.floor(index / 2 ** 32), epoch, STREAM]);
    }
    return block[used++ % 4]!;
  };
}

/** A uniform integer in `[0, bound)`: words below `2^32 mod bound` are drawn again, which removes the modulo bias. */
function below(bound: number, nextWord: () => number): number {
  const rejected = 2 ** 32 % bound;
  for (;;) {
    const word = nextWord();
    if (word >= rejected) return word % bound;
  }
}

function requireNatural(name: string, value: number, limit: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= limit) return;
  throw new OtrError("INVALID_ARGUMENT", `${name} is ${value}; give a whole number from 0 to ${limit}`);
}
