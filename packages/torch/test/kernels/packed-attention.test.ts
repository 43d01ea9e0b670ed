import { describe, expect, it } from "vitest";
import { aten, type DType, kernels, ones, scope, type Tensor } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { expectAgreement, normal, numbersOf } from "./against-composed.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

interface Case {
  readonly lengths: readonly number[];
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly size: number;
  readonly window?: number;
  readonly scale?: number;
  readonly softcap?: number;
}

const CASES: readonly Case[] = [
  { lengths: [1], heads: 1, keyValueHeads: 1, size: 1 },
  { lengths: [3, 1, 5], heads: 2, keyValueHeads: 2, size: 6 },
  { lengths: [2, 2, 0, 7], heads: 6, keyValueHeads: 2, size: 8, scale: 0.3 },
  { lengths: [31, 33, 32], heads: 3, keyValueHeads: 1, size: 64 },
  { lengths: [70, 5], heads: 2, keyValueHeads: 1, size: 34, window: 1 },
  { lengths: [40, 101], heads: 2, keyValueHeads: 1, size: 16, window: 33 },
  { lengths: [40, 101], heads: 2, keyValueHeads: 2, size: 16, window: 200 },
  { lengths: [3, 37], heads: 4, keyValueHeads: 2, size: 12, scale: 0.4, softcap: 2 },
  { lengths: [50], heads: 2, keyValueHeads: 1, size: 16, window: 7, softcap: 0.5 },
];

/** Attention of whole matrices with everything that a token must not see masked away: slow and obvious. */
function attention(query: Tensor, key: Tensor, value: Tensor, options: Case): Tensor {
  const {
    lengths,
    heads,
    keyValueHeads,
    size,
    window = 0,
    scale = 1 / Math.sqrt(size),
    softcap = 0,
  } = options;
  const repeated = (tensor: Tensor) =>
    aten.repeat_interleave.self_int(tensor, heads / keyValueHeads, 1).transpose(0, 1);
  const rows = lengths.flatMap((length, row) => Array.from({ length }, (_, place) => ({ row, place })));
  const hidden = rows.map((from) =>
    rows.map((to) => {
      const distance = from.place - to.place;
      return from.row === to.row && distance >= 0 && (window === 0 || distance < window) ? 0 : -1e30;
    }),
  );
  const mask = aten.stack(hidden.map((line) => aten.stack(line.map((number) => ones([]).mul(number)))));
  const products = aten.matmul(query.mul(scale).transpose(0, 1), repeated(key).transpose(1, 2));
  const scores = softcap === 0 ? products : aten.tanh(products.div(softcap)).mul(softcap);
  const weights = aten.softmax.int(scores.add(mask.to("float64")), -1);
  return aten.matmul(weights, repeated(value)).transpose(0, 1);
}

function inputs({ lengths, heads, keyValueHeads, size }: Case, dtype: DType, transposed = false): Tensor[] {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const make = (count: number, seed: number) => normal([tokens, count, size], seed, dtype, transposed);
  return [make(heads, 1), make(keyValueHeads, 2), make(keyValueHeads, 3)];
}

type Form = (query: Tensor, key: Tensor, value: Tensor) => Tensor;

const kernel =
  ({ lengths, scale, window, softcap }: Case): Form =>
  (query, key, value) =>
    kernels.packed_attention(query, key, value, lengths, { scale, window, softcap });

describe.each<DType>(["float64", "float32", "bfloat16", "float16"])("packed_attention of %s", (dtype) => {
  it.each(CASES)(
    "agrees with masked attention: $lengths, $heads heads of $size, window $window, cap $softcap",
    (options) => {
      scope(() => {
        const oracle: Form = (query, key, value) => attention(query, key, value, options);
        expectAgreement(kernel(options), oracle, inputs(options, dtype));
        expectAgreement(kernel(options), oracle, inputs(options, dtype, true), true);
      });
    },
  );
});

describe("packed_attention", () => {
  it.each(CASES)(
    "is the overload `composed` on any device: $lengths, window $window, cap $softcap",
    (options) => {
      scope(() => {
        const { lengths, scale, window, softcap } = options;
        const composed: Form = (query, key, value) =>
          kernels.packed_attention.composed(query, key, value, lengths, { scale, window, softcap });
        const oracle: Form = (query, key, value) => attention(query, key, value, options);
        expectAgreement(composed, oracle, inputs(options, "float64"));
      });
    },
  );

  it("gives the same bits on one thread and on two", () => {
    const [one, two] = onOneAndTwoThreads(() =>
      scope(() => CASES.map((options) => numbersOf(kernel(options), inputs(options, "bfloat16")))),
    );
    expect(two).toEqual(one);
  });

  it("gives a row the same bits wherever it lies", () => {
    scope(() => {
      const options = { lengths: [20, 45, 7], heads: 4, keyValueHeads: 2, size: 16 };
      const [query, key, value] = inputs(options, "float32") as [Tensor, Tensor, Tensor];
      const together = kernel(options)(query, key, value);
      const middle = (tensor: Tensor) => tensor.narrow(0, 20, 45);
      const alone = kernel({ ...options, lengths: [45] })(middle(query), middle(key), middle(value));
      expect(middle(together).toArray()).toEqual(alone.toArray());
    });
  });

  // Without the largest score taken away first, every exponential would be 0 or infinite.
  it.each<DType>(["float64", "float32", "bfloat16", "float16"])(
    "takes scores of thousands, in %s",
    (dtype) => {
      scope(() => {
        const options = { lengths: [45, 3], heads: 2, keyValueHeads: 1, size: 16, scale: 1 };
        // Whole numbers, whose products are exact in every dtype's float32.
        const whole = (tensor: Tensor, factor: number) => aten.round(tensor.mul(3)).mul(factor);
        const [query, key, value] = inputs(options, "float64") as [Tensor, Tensor, Tensor];
        const given = [whole(query, 32), whole(key, 4), value.to(dtype).to("float64")] as const;
        const scores = aten.einsum("thd,shd->hts", [given[0].narrow(1, 0, 1), given[1]]);
        expect(aten.linalg_vector_norm(scores, Number.POSITIVE_INFINITY).item()).toBeGreaterThan(5000);
        const [output, ...derived] = numbersOf(
          kernel(options),
          given.map((tensor) => tensor.to(dtype)),
        );
        const expected = attention(...given, options).toArray();
        const rounding = { float64: 1e-12, float32: 1e-6, bfloat16: 2 ** -8, float16: 2 ** -11 }[
          dtype as string
        ]!;
        for (const [at, wanted] of expected.entries()) {
          expect(Math.abs(output![at]! - wanted)).toBeLessThan(rounding * Math.max(1, Math.abs(wanted)));
        }
        for (const gradient of derived) expect(gradient.every(Number.isFinite)).toBe(true);
      });
    },
  );

  it("spreads NaN within its row alone", () => {
    scope(() => {
      const options = { lengths: [4, 4], heads: 1, keyValueHeads: 1, size: 8 };
      const [query, key, value] = inputs(options, "float32") as [Tensor, Tensor, Tensor];
      value.narrow(0, 1, 1).fill_(Number.NaN);
      const sums = kernel(options)(query, key, value).sum([1, 2]).toArray();
      expect(sums.slice(1).map(Number.isNaN)).toEqual([true, true, true, false, false, false, false]);
    });
  });

  it("refuses what does not fit", () => {
    scope(() => {
      const [query, key, value] = [
        normal([5, 4, 8], 1, "float32"),
        normal([5, 2, 8], 2, "float32"),
        normal([5, 2, 8], 3, "float32"),
      ];
      const code = (
        ...[q = query, k = key, v = value, lengths = [5], options = {}]: [
          Tensor?,
          Tensor?,
          Tensor?,
          number[]?,
          { scale?: number; window?: number }?,
        ]
      ) => torchError(() => kernels.packed_attention(q, k, v, lengths, options)).message;
      expect(code(query, key, value, [4])).toMatch(/do not add up to the 5 tokens/);
      expect(code(query, key, value, [6, -1])).toMatch(/do not add up/);
      expect(code(query, key, value, [2 ** 52, 2 ** 52])).toMatch(/do not add up/);
      expect(code(query, key.narrow(0, 0, 4))).toMatch(/query must be of shape/);
      expect(code(query.narrow(1, 0, 3))).toMatch(/must be a multiple/);
      expect(code(query, key.to("float64"))).toMatch(/query's dtype/);
      expect(code(query, key, value, [5], { window: -1 })).toMatch(/window/);
      expect(code(query, key, value, [5], { scale: Number.POSITIVE_INFINITY })).toMatch(/scale/);
      expect(code(query, key, value, [5], { scale: -1 })).toMatch(/scale/);
    });
  });
});
