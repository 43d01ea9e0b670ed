import { describe, expect, it } from "vitest";
import { kernels, philoxUniform, scope, tensor, zeros } from "../src/index.js";
import { onOneAndTwoThreads } from "./kernels/on-one-and-two-threads.js";
import { torchError } from "./torch-error.js";

type Word = bigint;
const MASK = 0xffffffffn;

/** Philox4x32-10 as its paper writes it: the slow oracle. */
function philox4x32(counter: readonly Word[], key: readonly Word[]): Word[] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const left = 0xd2511f53n * c0;
    const right = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(right >> 32n) ^ c1 ^ k0, right & MASK, (left >> 32n) ^ c3 ^ k1, left & MASK];
    k0 = (k0 + 0x9e3779b9n) & MASK;
    k1 = (k1 + 0xbb67ae85n) & MASK;
  }
  return [c0, c1, c2, c3];
}

const uniform = (word: Word) => Number(word >> 8n) / 2 ** 24;

/** What `philoxUniform` answers for one key. */
function expectedRow(key: readonly bigint[], count: number): number[] {
  const [seed, step, row, position] = key;
  const bits = BigInt.asUintN(64, seed);
  return Array.from({ length: count }, (_, index) => {
    const block = BigInt(Math.floor(index / 4));
    return uniform(philox4x32([block, position, row, step], [bits & MASK, bits >> 32n])[index % 4]);
  });
}

type Draw = (keys: readonly (readonly bigint[])[], count: number) => number[];

const drawWith =
  (uniforms: typeof philoxUniform): Draw =>
  (keys, count) =>
    scope(() =>
      uniforms(tensor(BigInt64Array.from(keys.flat()), { shape: [keys.length, 4] }), count).toArray(),
    );
const draw = drawWith(philoxUniform);
const drawComposed = drawWith(kernels.philox_uniform.composed);

describe("the oracle", () => {
  it("gives the known answers of Random123", () => {
    const ones = [MASK, MASK, MASK, MASK];
    expect(philox4x32([0n, 0n, 0n, 0n], [0n, 0n])).toEqual([
      0x6627e8d5n,
      0xe169c58dn,
      0xbc57ac4cn,
      0x9b00dbd8n,
    ]);
    expect(philox4x32(ones, [MASK, MASK])).toEqual([0x408f276dn, 0x41c83b0en, 0xa20bc7c6n, 0x6d5451fdn]);
    expect(
      philox4x32([0x243f6a88n, 0x85a308d3n, 0x13198a2en, 0x03707344n], [0xa4093822n, 0x299f31d0n]),
    ).toEqual([0xd16cfe09n, 0x94fdccebn, 0x5001e420n, 0x24126ea1n]);
  });
});

describe.each<[string, Draw]>([
  ["philoxUniform", draw],
  ["its form of ATen operators", drawComposed],
])("%s", (_name, draw) => {
  it("gives the known answer for counter 0 and key 0", () => {
    expect(draw([[0n, 0n, 0n, 0n]], 4)).toEqual(
      [0x6627e8, 0xe169c5, 0xbc57ac, 0x9b00db].map((bits) => bits / 2 ** 24),
    );
  });

  it("equals the oracle bit for bit, at the edges of every field and beyond one block", () => {
    const keys = [
      [0n, 0n, 0n, 0n],
      [-1n, MASK, MASK, MASK],
      [-(2n ** 63n), 0n, 0n, 1n],
      [0x299f31d0a4093822n, 0x03707344n, 0x13198a2en, 0x85a308d3n],
      [42n, 3n, 17n, 5n],
    ];
    for (const count of [1, 3, 4, 5, 257]) {
      expect(draw(keys, count)).toEqual(keys.flatMap((key) => expectedRow(key, count)));
    }
  });

  it("takes no keys and no draws", () => {
    expect(draw([], 4)).toEqual([]);
    expect(draw([[1n, 2n, 3n, 4n]], 0)).toEqual([]);
  });

  it("refuses other keys", () => {
    expect(torchError(() => draw([[0n, -1n, 0n, 0n]], 1)).message).toContain("must be in [0, 2^32)");
    expect(torchError(() => draw([[0n, 0n, 0n, 2n ** 32n]], 1)).message).toContain("must be in [0, 2^32)");
  });
});

describe("philoxUniform", () => {
  it("has a form of ATen operators, for other devices, that gives the same bits", () => {
    const random = (seed: bigint, index: number) =>
      philox4x32([BigInt(index), 0n, 0n, seed], [1n, 2n]) as [Word, Word, Word, Word];
    const keys = Array.from({ length: 500 }, (_, index) => {
      const [low, high] = random(0n, index);
      const [step, row, position] = random(1n, index);
      return [BigInt.asIntN(64, (high << 32n) | low), step, row, position];
    });
    for (const count of [1, 2, 63, 256]) expect(drawComposed(keys, count)).toEqual(draw(keys, count));
  });

  it("does not depend on batching, order or number of draws", () => {
    const keys = Array.from({ length: 300 }, (_, i) => [9n, 2n, BigInt(i % 7), BigInt(i)]);
    const together = draw(keys, 64);
    expect(keys.flatMap((key) => draw([key], 64))).toEqual(together);
    const reversed = draw(keys.toReversed(), 64);
    expect(keys.flatMap((_, i) => reversed.slice((299 - i) * 64, (300 - i) * 64))).toEqual(together);
    const longer = draw(keys, 100);
    expect(keys.flatMap((_, i) => longer.slice(i * 100, i * 100 + 64))).toEqual(together);
  });

  it("gives the same bits on one thread and on two", () => {
    const keys = Array.from({ length: 300 }, (_, i) => [9n, 2n, BigInt(i % 7), BigInt(i)]);
    const [one, two] = onOneAndTwoThreads(() => draw(keys, 64));
    expect(two).toEqual(one);
  });

  it("changes with every field of the key", () => {
    const base = draw([[1n, 1n, 1n, 1n]], 8);
    for (const field of [0, 1, 2, 3]) {
      expect(draw([[1n, 1n, 1n, 1n].with(field, 2n)], 8)).not.toEqual(base);
    }
    expect(draw([[1n + 2n ** 32n, 1n, 1n, 1n]], 8)).not.toEqual(base);
  });

  it("is uniform over [0, 1) and below 1", () => {
    const numbers = draw(
      Array.from({ length: 100 }, (_, i) => [5n, 0n, 0n, BigInt(i)]),
      1000,
    );
    const bins = Array.from({ length: 20 }, () => 0);
    for (const number of numbers) bins[Math.floor(number * 20)]++;
    const expected = numbers.length / 20;
    const chiSquare = bins.reduce((sum, observed) => sum + (observed - expected) ** 2 / expected, 0);
    // The 99.99 % quantile for 19 degrees of freedom.
    expect(chiSquare).toBeLessThan(50.8);
  });

  it("refuses other shapes, dtypes and counts", () => {
    scope(() => {
      expect(torchError(() => philoxUniform(zeros([2, 4]), 1)).code).toBe("TORCH_TYPE");
      expect(torchError(() => philoxUniform(zeros([2, 3], { dtype: "int64" }), 1)).code).toBe("TORCH_VALUE");
      expect(torchError(() => philoxUniform(zeros([4], { dtype: "int64" }), 1)).code).toBe("TORCH_VALUE");
      expect(torchError(() => philoxUniform(zeros([1, 4], { dtype: "int64" }), -1)).code).toBe("TORCH_VALUE");
      expect(torchError(() => philoxUniform(zeros([1, 4], { dtype: "int64" }), 1.5)).code).toBe(
        "TORCH_ARGUMENT_VALUE",
      );
    });
  });
});
