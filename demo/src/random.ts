import { createHash } from "node:crypto";

/**
 * Deterministic random numbers: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", 2018), its 128 bits of state taken from the SHA-256 of a sentence that names the stream.
 *
 * Two streams with different names are independent; the same name gives the same numbers on every machine.
 */
export class Random {
  readonly #state: Uint32Array;

  /** @param stream a name such as `"training rows, seed 3"`, or the four words of the state. */
  constructor(stream: string | readonly [number, number, number, number]) {
    if (typeof stream === "string") {
      const digest = createHash("sha256").update(stream).digest();
      this.#state = Uint32Array.from([0, 4, 8, 12], (offset) => digest.readUInt32LE(offset));
    } else {
      this.#state = Uint32Array.from(stream);
    }
  }

  /** The next 32 bits as an integer in [0, 2^32). */
  uint32(): number {
    const state = this.#state;
    const [s0, s1, s2, s3] = [state[0]!, state[1]!, state[2]!, state[3]!];
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    state[2] = s2 ^ s0 ^ (s1 << 9);
    state[3] = rotateLeft(s3 ^ s1, 11);
    state[1] = s1 ^ s2 ^ s0;
    state[0] = s0 ^ s3 ^ s1;
    return result;
  }

  /** A number in [0, 1), a multiple of 2^-32. */
  float(): number {
    return this.uint32() / 2 ** 32;
  }

  /** An integer between `low` and `high`, both included, without modulo bias (draws that would cause it are rejected). */
  integer(low: number, high: number): number {
    const range = high - low + 1;
    const limit = 2 ** 32 - (2 ** 32 % range);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return low + (draw % range);
  }

  /** One of `items`, each equally likely. */
  choice<T>(items: ArrayLike<T>): T {
    return items[this.integer(0, items.length - 1)]!;
  }

  /** `count` different elements of `items`, in random order. */
  sample<T>(items: Iterable<T>, count: number): T[] {
    const pool = [...items];
    return Array.from({ length: count }, () => pool.splice(this.integer(0, pool.length - 1), 1)[0]!);
  }

  /** One of `items` with a probability proportional to its `weight`. */
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T {
    const total = items.reduce((sum, item) => sum + item.weight, 0);
    let rest = this.float() * total;
    for (const item of items) {
      rest -= item.weight;
      if (rest < 0) return item;
    }
    return items[items.length - 1]!;
  }
}

const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
