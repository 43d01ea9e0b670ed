import { scope, type Tensor, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { givenSamples, inverseCdf, keyedStream } from "../../src/objectives/random-stream.js";
import { normal } from "./tokens.js";

const N = 10;
const rowIds = Array.from({ length: N }, (_, index) => Math.floor(index / 3));
const positions = Array.from({ length: N }, (_, index) => 4 + (index % 3));
const weights = normal([N, 50], 4, 1.5).exp().to("float32");
const draw = (
  stream = keyedStream({ seed: 7, step: 3, rowIds, positions }),
  of: Tensor = weights,
  count = 32,
) => stream.sample(of.clone(), count);

describe("keyedStream", () => {
  const whole = draw().toArray();

  it("draws the same tokens for any chunking", () => {
    const stream = keyedStream({ seed: 7, step: 3, rowIds, positions });
    for (const size of [1, 3, 7]) {
      const parts: number[] = [];
      for (let start = 0; start < N; start += size) {
        const length = Math.min(size, N - start);
        parts.push(...draw(stream.narrow(start, length), weights.narrow(0, start, length)).toArray());
      }
      expect(parts).toEqual(whole);
    }
  });

  it("draws the same tokens in any order", () => {
    const order = [9, 0, 4, 2, 8, 1, 3, 7, 5, 6];
    const shuffled = draw(
      keyedStream({
        seed: 7,
        step: 3,
        rowIds: order.map((i) => rowIds[i]),
        positions: order.map((i) => positions[i]),
      }),
      weights.indexSelect(0, tensor(order, { dtype: "int64" })),
    ).toArray();
    for (const [place, index] of order.entries()) {
      expect(shuffled.slice(place * 32, place * 32 + 32)).toEqual(whole.slice(index * 32, index * 32 + 32));
    }
  });

  it("draws otherwise for another seed, step, row or position", () => {
    const first = (seed: number, step: number, rowId: number, position: number) =>
      draw(
        keyedStream({ seed, step, rowIds: [rowId], positions: [position] }),
        weights.narrow(0, 0, 1),
      ).toArray();
    const base = first(7, 3, 0, 4);
    for (const other of [first(8, 3, 0, 4), first(7, 4, 0, 4), first(7, 3, 1, 4), first(7, 3, 0, 5)]) {
      expect(other).not.toEqual(base);
    }
    expect(first(7, 3, 0, 4)).toEqual(base);
  });

  it("refuses keys of unequal number", () => {
    expect(() => keyedStream({ seed: 0, step: 0, rowIds: [1, 2], positions: [0] })).toThrow(
      /2 row ids and 1/,
    );
  });

  it("draws each token as often as its probability says", () =>
    scope(() => {
      const row = tensor([0.5, 0, 0.25, 0.125, 0, 0.125]);
      const rows = 400;
      const each = 250;
      const stream = keyedStream({
        seed: 11,
        step: 0,
        rowIds: new Array(rows).fill(0),
        positions: Array.from({ length: rows }, (_, index) => index),
      });
      const drawn = stream.sample(row.unsqueeze(0).expand([rows, 6]).contiguous(), each).toArray();
      const total = rows * each;
      for (const [token, probability] of row.toArray().entries()) {
        const share = drawn.filter((candidate) => candidate === token).length / total;
        const standardError = Math.sqrt((probability * (1 - probability)) / total);
        expect(Math.abs(share - probability)).toBeLessThanOrEqual(4 * standardError);
      }
    }));
});

describe("inverseCdf", () => {
  const last = 1 - 2 ** -24;
  const sample = (
    row: readonly number[],
    uniforms: readonly number[],
    dtype: "float32" | "float64" = "float32",
  ) =>
    inverseCdf(
      tensor(row, { shape: [1, row.length], dtype }),
      tensor(uniforms, { shape: [1, uniforms.length] }),
    ).toArray();

  it("never draws a token of weight zero, not at the ends either", () => {
    for (const dtype of ["float32", "float64"] as const) {
      expect(sample([0, 1, 0, 3, 0], [0, 0.2499, 0.25, last], dtype)).toEqual([1, 1, 3, 3]);
    }
  });

  it("ends at the last token of some weight, whatever the total rounds to", () => {
    for (let length = 1; length < 400; length += 7) {
      const row = Array.from({ length }, (_, index) => Math.exp(Math.sin(index * 12.9898) * 3));
      expect(sample([...row, 0], [last])).toEqual([length - 1]);
    }
  });

  it("answers an index of the vocabulary even for NaN", () => {
    expect(sample([Number.NaN, 1], [0.5])).toEqual([1]);
  });
});

describe("givenSamples", () => {
  it("gives its own tokens, narrowed with the rest", () => {
    const stream = givenSamples(tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "int64" }));
    expect(stream.narrow(1, 1).sample(weights, 2).toArray()).toEqual([3, 4]);
  });
});
