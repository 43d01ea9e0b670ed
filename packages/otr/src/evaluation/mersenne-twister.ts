/** @file Python's `random.Random`, whose draws decide which examples stand in a prompt. */

const SIZE = 624;
const SHIFT = 397;

/**
 * The Mersenne Twister MT19937, seeded and drawn from as CPython does (`Modules/_randommodule.c`, `Lib/random.py` 3.11):
 * the same seed gives the same samples as `random.Random(seed)`.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #position = SIZE;

  /** @param seed an integer from 0 to 2^32 - 1 */
  constructor(seed: number) {
    this.#seedByArray([seed]);
  }

  /** A sample without replacement, as `random.sample`: in the order drawn. */
  sample<Item>(population: readonly Item[], count: number): Item[] {
    const size = population.length;
    if (count > size) throw new RangeError(`cannot draw ${count} of ${size}`);
    // CPython's choice between two algorithms, whose draws differ.
    const largestPool = 21 + (count > 5 ? 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 0);
    if (size > largestPool) return this.#sampleByRejection(population, count);
    const pool = [...population];
    return Array.from({ length: count }, (_, drawn) => {
      const left = size - drawn;
      const at = this.#below(left);
      const item = pool[at]!;
      pool[at] = pool[left - 1]!;
      return item;
    });
  }

  #sampleByRejection<Item>(population: readonly Item[], count: number): Item[] {
    const selected = new Set<number>();
    while (selected.size < count) {
      let at = this.#below(population.length);
      while (selected.has(at)) at = this.#below(population.length);
      selected.add(at);
    }
    return [...selected].map((at) => population[at]!);
  }

  /** An integer below a limit, uniformly. */
  #below(limit: number): number {
    const bits = 32 - Math.clz32(limit);
    let drawn = this.#bits(bits);
    while (drawn >= limit) drawn = this.#bits(bits);
    return drawn;
  }

  #bits(count: number): number {
    return this.#next() >>> (32 - count);
  }

  #next(): number {
    if (this.#position === SIZE) this.#twist();
    let value = this.#state[this.#position++]!;
    value ^= value >>> 11;
    value ^= (value << 7) & 0x9d2c5680;
    value ^= (value << 15) & 0xefc60000;
    return (value ^ (value >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let at = 0; at < SIZE; at++) {
      const mixed = (state[at]! & 0x80000000) | (state[(at + 1) % SIZE]! & 0x7fffffff);
      state[at] = state[(at + SHIFT) % SIZE]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }

  #seedByArray(key: readonly number[]): void {
    const state = this.#state;
    state[0] = 19650218;
    const before = (at: number) => state[at - 1]! ^ (state[at - 1]! >>> 30);
    for (let at = 1; at < SIZE; at++) state[at] = Math.imul(1812433253, before(at)) + at;
    let at = 1;
    const advance = () => {
      at += 1;
      if (at < SIZE) return;
      state[0] = state[SIZE - 1]!;
      at = 1;
    };
    for (let step = 0; step < Math.max(SIZE, key.length); step++) {
      const index = step % key.length;
      state[at] = (state[at]! ^ Math.imul(before(at), 1664525)) + key[index]! + index;
      advance();
    }
    for (let step = 1; step < SIZE; step++) {
      state[at] = (state[at]! ^ Math.imul(before(at), 1566083941)) - at;
      advance();
    }
    state[0] = 0x80000000;
  }
}
