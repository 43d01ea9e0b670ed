import {
  aten,
  type DType,
  keep,
  liveTensorCount,
  maxMemoryAllocated,
  memoryAllocated,
  ones,
  resetPeakMemoryStats,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "@one-token/torch";
import { afterEach, describe, expect, it, vi } from "vitest";
import { native } from "../../../torch/src/native.js";
import { chunkedHead } from "../../src/objectives/chunked-head.js";
import type { Objective } from "../../src/objectives/objective.js";
import { precedingTokens } from "../../src/objectives/preceding-tokens.js";
import { keyedStream, type RandomStream } from "../../src/objectives/random-stream.js";
import { createObjective, type ObjectiveOptions } from "../../src/objectives/registry.js";
import { readStatistics, statisticNames } from "../../src/objectives/statistics.js";
import { dftOracle, nllOracle, sampledOtrOracle } from "./oracle.js";
import { meanWeights, normal, normError, relativeError, spread } from "./tokens.js";

const N = 29;
const D = 16;
const V = 53;
const hidden = normal([N, D], 1);
const headWeight = normal([V, D], 2, 0.5);
const targets = spread(N, V);
const weights = aten.abs(normal([N], 3)).div(N);
const valueHead = { weight: normal([D], 4, 0.2), bias: tensor([0.3], { shape: [], dtype: "float64" }) };
const keysOf = (order: readonly number[]): RandomStream =>
  keyedStream({
    seed: 5,
    step: 9,
    rowIds: order.map((index) => index % 4),
    positions: order.map((index) => Math.floor(index / 4)),
  });
/** The rows that the positions stand in. */
const rows = [0, 1, 2, 3].map((id) => ({
  id,
  inputIds: Int32Array.from({ length: 8 }, (_, at) => (at * 11 + id) % 7),
}));
const inOrder = Array.from({ length: N }, (_, index) => index);
const preceding = precedingTokens(rows, {
  rowIds: inOrder.map((index) => index % 4),
  positions: inOrder.map((index) => Math.floor(index / 4)),
});
const rowsPerChunk = (rows: number, itemSize = 8) => rows * V * itemSize;

interface Variant {
  readonly options: Partial<ObjectiveOptions>;
  readonly chunkBytes?: number;
  readonly dtype?: DType;
  readonly computeDtype?: DType;
  readonly headGradient?: Tensor;
}

function run({ options, chunkBytes, dtype = "float64", computeDtype, headGradient }: Variant) {
  return chunkedHead({
    hidden: hidden.to(dtype),
    headWeight: headWeight.to(dtype),
    targets,
    weights,
    objective: createObjective({ otrNumSamples: 16, ...options }),
    stream: keysOf(inOrder),
    preceding,
    valueHead: { weight: valueHead.weight.to(dtype), bias: valueHead.bias.to(dtype) },
    ...(chunkBytes !== undefined && { headChunkBytes: chunkBytes }),
    ...(computeDtype && { computeDtype }),
    ...(headGradient && { headGradient }),
  });
}

const variants: Record<string, Partial<ObjectiveOptions>> = {
  nll: { lossType: "nll", labelSmoothingFactor: 0.1, entropyCoef: 0.05 },
  dft: { lossType: "dft", nllCoef: 0.1 },
  unlikelihood: { lossType: "unlikelihood" },
  otr: {},
  "otr with a critic": { otrBaseline: "value" },
  "exact otr": { otrEstimator: "exact" },
};

describe("gradients", () => {
  /** Hidden-state and head gradients of a loss by autograd, over all logits at once. */
  function autograd(losses: (leaf: { logits: Tensor; targets: Tensor }) => Tensor) {
    const h = hidden.clone();
    const w = headWeight.clone();
    h.requiresGrad = true;
    w.requiresGrad = true;
    losses({ logits: h.matmul(w.t()), targets })
      .mul(weights)
      .sum()
      .backward();
    return { hidden: h.grad!, head: w.grad! };
  }

  it("are those of autograd over all logits at once", () => {
    const samples = keysOf(inOrder).sample(aten.exp(hidden.matmul(headWeight.t()).div(1.3)), 16);
    const oracle = { kappa: 1.3, beta: -0.1, baseline: "none", correction: false, values: weights } as const;
    const cases = [
      [{ lossType: "nll" }, autograd((leaf) => nllOracle(leaf))],
      [{ lossType: "dft" }, autograd((leaf) => dftOracle(leaf))],
      [{ lossType: "otr" }, autograd((leaf) => sampledOtrOracle(leaf, samples, oracle))],
    ] as const;
    for (const [options, expected] of cases) {
      const actual = run({ options, chunkBytes: rowsPerChunk(8) });
      expect(relativeError(actual.hiddenGradient!, expected.hidden)).toBeLessThan(1e-11);
      expect(relativeError(actual.headGradient!, expected.head)).toBeLessThan(1e-11);
    }
  });

  for (const [name, options] of Object.entries(variants)) {
    it(`do not depend on the chunk size: ${name}`, () => {
      const whole = run({ options });
      for (const rows of [1, 2, 7, 28]) {
        const parts = run({ options, chunkBytes: rowsPerChunk(rows) });
        expect(relativeError(parts.hiddenGradient!, whole.hiddenGradient!)).toBeLessThan(1e-10);
        expect(relativeError(parts.headGradient!, whole.headGradient!)).toBeLessThan(1e-10);
        expect(relativeError(parts.statistics, whole.statistics)).toBeLessThan(1e-10);
        if (whole.valueHeadGradient) {
          const { weight, bias } = parts.valueHeadGradient!;
          expect(relativeError(weight, whole.valueHeadGradient.weight)).toBeLessThan(1e-10);
          expect(relativeError(bias, whole.valueHeadGradient.bias)).toBeLessThan(1e-10);
        }
      }
    });
  }

  it.each([true, false])("of a pair are those of one wider matrix (head trained: %s)", (headGradient) => {
    const [input, weight] = [normal([N, 3], 6), normal([V, 3], 7)];
    const options = {
      targets,
      weights,
      objective: createObjective({ lossType: "dft" }),
      headChunkBytes: rowsPerChunk(8),
    };
    const earlier = normal([V, 3], 8);
    const pair = { input, weight, weightGradient: earlier.clone() };
    const needs = { hiddenGradient: true, headGradient };
    const actual = chunkedHead({ ...options, hidden, headWeight, pair, needs });
    const wide = { hidden: aten.cat([hidden, input], 1), headWeight: aten.cat([headWeight, weight], 1) };
    const expected = chunkedHead({ ...options, ...wide });
    const parts = (of: Tensor) => aten.split_with_sizes(of, [D, 3], 1) as [Tensor, Tensor];
    const [ofHidden, ofInput] = parts(expected.hiddenGradient!);
    const [ofHead, ofWeight] = parts(expected.headGradient!);
    expect(relativeError(actual.hiddenGradient!, ofHidden)).toBeLessThan(1e-11);
    expect(relativeError(actual.pairGradient!.input, ofInput)).toBeLessThan(1e-11);
    expect(relativeError(actual.pairGradient!.weight, earlier.add(ofWeight))).toBeLessThan(1e-11);
    if (headGradient) expect(relativeError(actual.headGradient!, ofHead)).toBeLessThan(1e-11);
    else expect(actual.headGradient).toBeNull();
    expect(relativeError(actual.statistics, expected.statistics)).toBeLessThan(1e-11);
  });

  it("do not depend on the order of the tokens, nor on how they are split into batches", () => {
    const order = inOrder.toReversed();
    const index = tensor(order, { dtype: "int64" });
    const objective = createObjective({ otrNumSamples: 16, otrBaseline: "value" });
    const part = (of: Tensor, places: readonly number[]) =>
      chunkedHead({
        hidden: hidden.indexSelect(0, of),
        headWeight,
        targets: targets.indexSelect(0, of),
        weights: weights.indexSelect(0, of),
        objective,
        stream: keysOf(places),
        valueHead,
      });
    const whole = run({ options: { otrBaseline: "value" } });
    const first = part(index.narrow(0, 0, 11), order.slice(0, 11));
    const second = part(index.narrow(0, 11, N - 11), order.slice(11));
    const back = aten.cat([first.hiddenGradient!, second.hiddenGradient!]).indexSelect(0, index);
    expect(relativeError(back, whole.hiddenGradient!)).toBeLessThan(1e-10);
    expect(relativeError(first.headGradient!.add(second.headGradient!), whole.headGradient!)).toBeLessThan(
      1e-10,
    );
    expect(relativeError(first.statistics.add(second.statistics), whole.statistics)).toBeLessThan(1e-12);
  });

  it("are added to an accumulator that was given", () => {
    const fresh = run({ options: variants.otr }).headGradient!;
    const sum = aten.ones_like(fresh);
    const output = run({ options: variants.otr, headGradient: sum, chunkBytes: rowsPerChunk(5) });
    expect(output.headGradient).toBe(sum);
    expect(relativeError(sum.sub(1), fresh)).toBeLessThan(1e-10);
  });

  it("float32 is within 1e-5 of float64, norm-wise", () => {
    for (const options of [variants.nll, variants.dft, variants["exact otr"]]) {
      const narrow = run({ options, dtype: "float32", chunkBytes: rowsPerChunk(8, 4) });
      const wide = run({ options });
      expect(narrow.headGradient!.dtype).toBe("float32");
      expect(normError(narrow.hiddenGradient!, wide.hiddenGradient!)).toBeLessThan(1e-5);
      expect(normError(narrow.headGradient!, wide.headGradient!)).toBeLessThan(1e-5);
    }
  });

  it("bfloat16 is within 1e-2 of float32, norm-wise, with float32 sums", () => {
    for (const options of [variants.nll, variants.dft, variants["exact otr"]]) {
      const rounded = { hidden: hidden.to("bfloat16"), headWeight: headWeight.to("bfloat16") };
      const input = {
        targets,
        weights,
        objective: createObjective(options),
        headChunkBytes: rowsPerChunk(4, 4),
      };
      const narrow = chunkedHead({ ...input, ...rounded });
      const wide = chunkedHead({
        ...input,
        hidden: rounded.hidden.to("float32"),
        headWeight: rounded.headWeight.to("float32"),
      });
      expect(narrow.hiddenGradient!.dtype).toBe("bfloat16");
      expect(narrow.headGradient!.dtype).toBe("float32");
      expect(normError(narrow.hiddenGradient!, wide.hiddenGradient!)).toBeLessThan(1e-2);
      expect(normError(narrow.headGradient!, wide.headGradient!)).toBeLessThan(1e-2);
    }
  });

  it("bfloat16 head gradients are whole where the vocabulary is multiplied out in slices", () => {
    const vocabulary = 8192 + 77;
    const wide = normal([vocabulary, D], 8, 0.1).to("bfloat16");
    const input = {
      targets: spread(N, vocabulary, 8190),
      weights,
      objective: createObjective({ lossType: "nll" }),
    };
    const narrow = chunkedHead({ ...input, hidden: hidden.to("bfloat16"), headWeight: wide });
    const exact = chunkedHead({
      ...input,
      hidden: hidden.to("bfloat16").to("float64"),
      headWeight: wide.to("float64"),
    });
    expect(normError(narrow.headGradient!, exact.headGradient!)).toBeLessThan(1e-2);
    const tail = (of: Tensor) => of.narrow(0, 8192, 77);
    expect(normError(tail(narrow.headGradient!), tail(exact.headGradient!))).toBeLessThan(1e-2);
  });

  it("keep the dtype of the hidden states when the multiplications have another", () => {
    const output = run({ options: variants.dft, dtype: "float32", computeDtype: "bfloat16" });
    expect(output.hiddenGradient!.dtype).toBe("float32");
    expect(output.headGradient!.dtype).toBe("float32");
  });
});

describe("the critic", () => {
  it("has the gradient that autograd gives it, and the trunk none of it", () => {
    const samples = keysOf(inOrder).sample(aten.exp(hidden.matmul(headWeight.t()).div(1.3)), 16);
    const reward = samples.eq(targets.unsqueeze(1)).to("float64").mul(1.1).sub(0.1).mean([1]);
    const w = valueHead.weight.clone();
    const b = valueHead.bias.clone();
    w.requiresGrad = true;
    b.requiresGrad = true;
    const error = aten.mv(hidden, w).add(b).sub(reward);
    const losses = error.mul(error);
    losses.mul(weights).sum().mul(0.5).backward();
    const options = { otrBaseline: "value" } as const;
    const output = run({ options, chunkBytes: rowsPerChunk(8) });
    expect(relativeError(output.valueHeadGradient!.weight, w.grad!)).toBeLessThan(1e-11);
    expect(relativeError(output.valueHeadGradient!.bias, b.grad!)).toBeLessThan(1e-11);
    const sums = readStatistics(output.statistics);
    expect(sums.value_loss).toBeCloseTo(losses.detach().sum().item(), 12);
    const without = run({ options: { ...options, valueLossCoef: 0 } });
    expect(relativeError(output.hiddenGradient!, without.hiddenGradient!)).toBeLessThan(1e-12);
  });

  it("is asked for when the objective has one", () => {
    const objective = createObjective({ otrBaseline: "value" });
    expect(() =>
      chunkedHead({ hidden, headWeight, targets, weights, objective, stream: keysOf(inOrder) }),
    ).toThrow(expect.objectContaining({ code: "OBJECTIVE_NEEDS_VALUES" }));
  });
});

describe("what is not needed", () => {
  const objective = createObjective({ otrBaseline: "value", otrNumSamples: 16 });
  const input = { hidden, headWeight, targets, weights, objective, stream: keysOf(inOrder), valueHead };

  it("is not computed: evaluation", () => {
    const needs = { hiddenGradient: false, headGradient: false };
    const output = chunkedHead({ ...input, needs });
    expect(output).toMatchObject({ hiddenGradient: null, headGradient: null, valueHeadGradient: null });
    expect(relativeError(output.statistics, chunkedHead(input).statistics)).toBeLessThan(1e-12);
    const nll = nllOracle({ logits: hidden.matmul(headWeight.t()), targets });
    expect(readStatistics(output.statistics).nll).toBeCloseTo(nll.sum().item(), 10);
  });

  it("is not computed: a frozen head", () => {
    const output = chunkedHead({ ...input, needs: { hiddenGradient: true, headGradient: false } });
    expect(output.headGradient).toBeNull();
    expect(relativeError(output.hiddenGradient!, chunkedHead(input).hiddenGradient!)).toBe(0);
  });

  it("may be everything: no supervised token", () => {
    const none = chunkedHead({
      ...input,
      hidden: hidden.narrow(0, 0, 0),
      targets: targets.narrow(0, 0, 0),
      weights: weights.narrow(0, 0, 0),
      stream: keysOf([]),
    });
    expect(none.hiddenGradient!.shape).toEqual([0, D]);
    expect(aten.count_nonzero(none.headGradient!).item()).toBe(0);
    expect(none.statistics.toArray()).toEqual(statisticNames.map(() => 0));
  });
});

describe("memory", () => {
  it("is asked for once, and not for each chunk", () => {
    scope(() => {
      const [tokens, width, vocabulary] = [96, 256, 2048];
      const objective = createObjective({ lossType: "nll" });
      const peak = (rowsOfChunk: number) => {
        resetPeakMemoryStats();
        const before = memoryAllocated();
        scope(() =>
          chunkedHead({
            hidden: ones([tokens, width], { dtype: "bfloat16" }),
            headWeight: ones([vocabulary, width], { dtype: "bfloat16" }),
            targets: zeros([tokens], { dtype: "int64" }),
            weights: ones([tokens]),
            objective,
            headChunkBytes: 2 * vocabulary * rowsOfChunk,
          }),
        );
        return maxMemoryAllocated() - before;
      };
      // The size of a chunk decides on one block of logits, and on a few numbers for each of its rows.
      const more = (peak(96) - peak(24)) / (2 * vocabulary * (96 - 24));
      expect(more).toBeGreaterThanOrEqual(1);
      expect(more).toBeLessThan(1.2);
    });
  });

  it("holds no more tensors after many chunks than the ones returned", () => {
    scope(() => {
      const before = liveTensorCount();
      scope(() => {
        const { hiddenGradient, headGradient, valueHeadGradient, statistics } = run({
          options: { otrBaseline: "value" },
          chunkBytes: rowsPerChunk(1),
        });
        for (const kept of [hiddenGradient!, headGradient!, statistics]) keep(kept);
        keep(valueHeadGradient!.weight);
        keep(valueHeadGradient!.bias);
        for (const tensor of [hiddenGradient!, headGradient!, statistics]) tensor.dispose();
        valueHeadGradient!.weight.dispose();
        valueHeadGradient!.bias.dispose();
      });
      expect(liveTensorCount()).toBe(before);
    });
  });

  it("is freed when a chunk fails", () => {
    scope(() => {
      const before = liveTensorCount();
      scope(() => {
        const wrong = aten.full_like(targets, V);
        const objective = createObjective({ lossType: "nll" });
        expect(() => chunkedHead({ hidden, headWeight, targets: wrong, weights, objective })).toThrow(
          /index/,
        );
      });
      expect(liveTensorCount()).toBe(before);
    });
  });

  it("does not touch the inputs, nor record for autograd", () => {
    const leaf = hidden.clone();
    leaf.requiresGrad = true;
    const objective = createObjective({ lossType: "nll" });
    const output = chunkedHead({ hidden: leaf, headWeight, targets, weights: meanWeights(N), objective });
    expect(output.hiddenGradient!.requiresGrad).toBe(false);
    expect(leaf.grad).toBeNull();
    expect(relativeError(leaf.detach(), hidden)).toBe(0);
  });

  it("is bounded by chunks of the bytes asked for, of about equal size", () => {
    const rowsSeen = (headChunkBytes: number): readonly number[] => {
      const nll = createObjective({ lossType: "nll" });
      const rows: number[] = [];
      const objective: Objective = {
        ...nll,
        evaluate(context) {
          rows.push(context.policy.shifted.shape[0]);
          return nll.evaluate(context);
        },
      };
      chunkedHead({ hidden, headWeight, targets, weights, objective, headChunkBytes });
      return rows;
    };
    expect(rowsSeen(rowsPerChunk(8))).toEqual([8, 8, 8, 5]);
    expect(rowsSeen(rowsPerChunk(20))).toEqual([15, 14]);
    expect(rowsSeen(rowsPerChunk(N))).toEqual([N]);
    expect(rowsSeen(1)).toEqual(new Array(N).fill(1));
  });

  it("refuses a chunk of no bytes", () => {
    expect(() => run({ options: variants.nll, chunkBytes: 0 })).toThrow(
      expect.objectContaining({ code: "HEAD_CHUNK_BYTES_INVALID" }),
    );
  });
});

describe("the host", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(Object.entries(variants))("neither reads nor uploads anything: %s", (_name, options) => {
    const { terms: _terms, ...composed } = createObjective({ ...options, otrNumSamples: 16 });
    const input = { hidden, headWeight, targets, weights, stream: keysOf(inOrder), preceding, valueHead };
    // Without its terms an objective is evaluated as on a GPU.
    const addon = native();
    const calls = (["item", "toTypedArray", "fromTypedArray"] as const).map((name) => vi.spyOn(addon, name));
    const { statistics } = chunkedHead({ ...input, objective: composed, headChunkBytes: rowsPerChunk(4) });
    expect(calls.map((call) => call.mock.calls.length)).toEqual([0, 0, 0]);
    readStatistics(statistics);
    expect(calls.map((call) => call.mock.calls.length)).toEqual([0, 1, 0]);
  });
});
