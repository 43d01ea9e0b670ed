import { philox } from "../../../src/data/philox.js";

/** Draws integers below a bound; the same ones for a seed. */
export function seededRandom(seed: number): (bound: number) => number {
  let count = 0;
  return (bound) => Math.floor((philox([seed, 0], [count++, 0, 0, 0])[0] / 2 ** 32) * bound);
}
