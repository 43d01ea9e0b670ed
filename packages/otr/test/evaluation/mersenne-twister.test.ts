import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { MersenneTwister } from "../../src/evaluation/mersenne-twister.js";

const {
  draws,
}: {
  readonly draws: readonly {
    readonly seed: number;
    readonly size: number;
    readonly count: number;
    readonly samples: readonly number[][];
  }[];
} = JSON.parse(readFileSync(new URL("../references/python.json", import.meta.url), "utf8"));

it.each(draws)("draws $count of $size with seed $seed as CPython does", ({ seed, size, count, samples }) => {
  const random = new MersenneTwister(seed);
  const population = Array.from({ length: size }, (_, at) => at);
  expect(samples.map(() => random.sample(population, count))).toEqual(samples);
});

it("refuses to draw more than there are", () => {
  expect(() => new MersenneTwister(1).sample([1, 2], 3)).toThrow(RangeError);
});
