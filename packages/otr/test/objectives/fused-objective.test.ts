import { aten, full, ones, scope, setNumThreads, type Tensor, tensor, zeros } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { chunkedHead } from "../../src/objectives/chunked-head.js";
import { canFuse, evaluateFused } from "../../src/objectives/fused-objective.js";
import { evaluateObjective, type Objective } from "../../src/objectives/objective.js";
import { givenSamples, keyedStream, type RandomStream } from "../../src/objectives/random-stream.js";
import { createObjective, type ObjectiveOptions } from "../../src/objectives/registry.js";
import { readStatistics, statisticNames } from "../../src/objectives/statistics.js";
import { expectMean, normal, normError, relativeError, spread } from "./tokens.js";

const N = 24;
const index = (count: number) => Array.from({ length: count }, (_, place) => place);
const streamOf = (count: number): RandomStream =>
  keyedStream({ seed: 11, step: 3, rowIds: index(count).map((place) => place % 5), positions: index(count) });
const newSums = () => zeros([statisticNames.length], { dtype: "float64" });

interface Input {
  readonly logits: Tensor;
  readonly targets: Tensor;
  readonly weights: Tensor;
  readonly values: Tensor;
  readonly stream: RandomStream;
}

/** Every fifth target is the most probable token, so that there are hits. */
function inputOf(count: number, vocabulary: number, scale = 2): Input {
  const logits = normal([count, vocabulary], 1, scale).to("float32");
  const modes = logits.argmax(1).toArray();
  const others = spread(count, vocabulary).toArray();
  return {
    logits,
    targets: tensor(
      modes.map((mode, place) => (place % 5 === 0 ? mode : others[place])),
      { dtype: "int64" },
    ),
    weights: aten.abs(normal([count], 2)).to("float32"),
    values: normal([count], 3, 0.3).to("float32"),
    stream: streamOf(count),
  };
}

function fused(
  objective: Objective,
  input: Input,
  options: { softcap?: number; needsGradient?: boolean } = {},
) {
  const statistics = newSums();
  const logits = input.logits.clone();
  const values = input.values.clone();
  const output = evaluateFused(objective, { ...input, ...options, logits, values, statistics });
  return { ...output, statistics, logits };
}

const composed = (objective: Objective, input: Input, softcap = 0) =>
  evaluateObjective(objective, { ...input, softcap, logits: input.logits.clone() });

const otrVariants = (["none", "rloo", "value"] as const).flatMap((otrBaseline) =>
  [false, true].flatMap((otrImportanceCorrection) =>
    (["monte_carlo", "exact"] as const).flatMap((otrEstimator) =>
      [0.7, 1, 1.3].map((otrTemperature) => ({
        otrBaseline,
        otrImportanceCorrection,
        otrEstimator,
        otrTemperature,
        otrNumSamples: 64,
      })),
    ),
  ),
);
const variants: Partial<ObjectiveOptions>[] = [
  { lossType: "nll" },
  { lossType: "nll", labelSmoothingFactor: 0.2 },
  { lossType: "nll", entropyCoef: 0.3 },
  { lossType: "nll", labelSmoothingFactor: 0.2, entropyCoef: -0.3 },
  { lossType: "dft" },
  { lossType: "dft", nllCoef: 0.4 },
  { nllCoef: 0.4 },
  { nllCoef: 0.4, otrEstimator: "exact" },
  ...otrVariants,
];
const nameOf = (options: object) => JSON.stringify(options).replaceAll('"', "");

describe("the fused operator equals the composed form", () => {
  const input = inputOf(N, 301);
  for (const options of variants) {
    it(nameOf(options), () => {
      const objective = createObjective(options);
      for (const softcap of [0, 3]) {
        const expected = composed(objective, input, softcap);
        const actual = fused(objective, input, { softcap });
        expect(relativeError(actual.gradient!, expected.gradient!)).toBeLessThan(1e-5);
        expect(relativeError(actual.statistics, expected.statistics)).toBeLessThan(1e-5);
        if (expected.valueGradient) {
          expect(relativeError(actual.valueGradient!, expected.valueGradient)).toBeLessThan(1e-5);
        } else expect(actual.valueGradient).toBeNull();
      }
    });
  }

  it("token by token, in every statistic", () => {
    for (const options of [{ lossType: "nll" }, { lossType: "dft" }, {}, { otrBaseline: "value" }] as const) {
      const objective = createObjective(options);
      for (const row of index(N)) {
        const one = (of: Tensor) => of.narrow(0, row, 1);
        const part: Input = {
          logits: one(input.logits),
          targets: one(input.targets),
          weights: one(input.weights),
          values: one(input.values),
          stream: input.stream.narrow(row, 1),
        };
        const expected = readStatistics(composed(objective, part).statistics);
        const actual = readStatistics(fused(objective, part).statistics);
        for (const name of statisticNames) {
          const error = Math.abs(actual[name] - expected[name]);
          expect(error, `${name} of row ${row}`).toBeLessThan(1e-5 * Math.max(Math.abs(expected[name]), 0.1));
        }
      }
    }
  });

  it("for vocabularies of any size, and any number of draws", () => {
    for (const [vocabulary, otrNumSamples] of [
      [2, 1],
      [3, 4096],
      [63, 5],
      [64, 256],
      [65, 2],
      [1023, 4096],
      [49_152, 256],
      [151_999, 4096],
    ]) {
      scope(() => {
        const wide = inputOf(3, vocabulary, 3);
        // In float64, because a float32 sum over so many tokens is the less exact of the two.
        const exact = { ...wide, logits: wide.logits.to("float64"), weights: wide.weights.to("float64") };
        // A draw on the boundary of two tokens may fall to either.
        for (const [options, tolerance] of [
          [{ lossType: "nll" }, 1e-6],
          [{ otrEstimator: "exact" }, 1e-5],
          [{ otrNumSamples }, 0.02],
        ] as const) {
          const objective = createObjective(options);
          const expected = composed(objective, exact);
          const actual = fused(objective, wide);
          const label = `V ${vocabulary}, ${nameOf(options)}`;
          expect(normError(actual.statistics, expected.statistics), label).toBeLessThan(tolerance);
          expect(normError(actual.gradient!, expected.gradient!), label).toBeLessThan(tolerance);
        }
      });
    }
  });

  it("bfloat16 logits within 1e-2, norm-wise, and the same tokens are drawn", () => {
    const rounded = { ...input, logits: input.logits.to("bfloat16") };
    const wide = { ...input, logits: rounded.logits.to("float32") };
    for (const options of variants) {
      const objective = createObjective(options);
      for (const softcap of [0, 3]) {
        const expected = composed(objective, wide, softcap);
        const actual = fused(objective, rounded, { softcap });
        expect(actual.gradient!.dtype).toBe("bfloat16");
        expect(normError(actual.gradient!, expected.gradient!), nameOf(options)).toBeLessThan(1e-2);
        expect(relativeError(actual.statistics, expected.statistics), nameOf(options)).toBeLessThan(1e-5);
      }
    }
  });

  it("flips no more than a few draws in 10,000 where the distribution is flat", () => {
    // With other_reward 0 the gradient counts draws: the draws that differ are half of what the counts differ by.
    const flat = inputOf(64, 20_000, 0.1);
    const objective = createObjective({ otrBeta: 1, otrNumSamples: 256 });
    const ones = { ...flat, weights: aten.ones_like(flat.weights) };
    const difference = fused(objective, ones).gradient!.sub(composed(objective, ones).gradient!);
    const flips = aten.abs(difference).sum().item() * 256 * 0.5;
    expect(flips / (64 * 256)).toBeLessThan(1e-3);
  });
});

describe("soft cap", () => {
  it("has the gradient that autograd gives it", () => {
    const { targets, weights, values, logits } = inputOf(N, 101);
    const wide = logits.to("float64");
    wide.requiresGrad = true;
    const capped = aten.tanh(wide.div(2)).mul(2);
    capped
      .logSoftmax(1)
      .gather(1, targets.unsqueeze(1))
      .squeeze(1)
      .neg()
      .mul(weights.to("float64"))
      .sum()
      .backward();
    const input = { logits, targets, weights, values, stream: streamOf(N) };
    const objective = createObjective({ lossType: "nll" });
    expect(relativeError(fused(objective, input, { softcap: 2 }).gradient!, wide.grad!)).toBeLessThan(1e-5);
    const float64 = { ...input, logits: logits.to("float64"), weights: weights.to("float64") };
    expect(relativeError(composed(objective, float64, 2).gradient!, wide.grad!)).toBeLessThan(1e-12);
  });
});

describe("draws", () => {
  const input = inputOf(N, 4003, 1);
  const objective = createObjective({ otrNumSamples: 128, otrBaseline: "value" });

  it("depend neither on the number of threads nor on the chunk", () => {
    const whole = fused(objective, input);
    setNumThreads(2);
    const two = fused(objective, inputOf(N, 4003, 1));
    setNumThreads(1);
    expect(relativeError(two.gradient!, whole.gradient!)).toBe(0);
    expect(two.statistics.toArray()).toEqual(whole.statistics.toArray());
    const parts = [
      [0, 7],
      [7, 16],
      [23, 1],
    ].map(([start, rows]) =>
      fused(objective, {
        logits: input.logits.narrow(0, start, rows),
        targets: input.targets.narrow(0, start, rows),
        weights: input.weights.narrow(0, start, rows),
        values: input.values.narrow(0, start, rows),
        stream: input.stream.narrow(start, rows),
      }),
    );
    expect(relativeError(aten.cat(parts.map(({ gradient }) => gradient!)), whole.gradient!)).toBe(0);
  });

  // Each token stands there once for every draw; flat enough that the whole vocabulary is drawn many times.
  const tokens = 4;
  const repeats = 400;
  const repeat = (of: Tensor) =>
    aten.repeat(of.narrow(0, 0, tokens), [repeats, ...of.shape.slice(1).map(() => 1)]);
  const source = inputOf(tokens, 41, 0.7);
  const many: Input = {
    logits: repeat(source.logits),
    targets: repeat(source.targets),
    weights: aten.ones_like(repeat(source.weights)),
    values: repeat(source.values),
    stream: streamOf(tokens * repeats),
  };
  for (const otrBaseline of ["none", "rloo", "value"] as const) {
    for (const otrImportanceCorrection of [false, true]) {
      it(`converge to the expectation: ${otrBaseline}, importance correction ${otrImportanceCorrection}`, () => {
        const options = { otrBaseline, otrImportanceCorrection, otrNumSamples: 64 };
        const expectation = composed(createObjective({ ...options, otrEstimator: "exact" }), many);
        const gradients = fused(createObjective(options), many).gradient!.view([repeats, tokens, 41]);
        expectMean(gradients, expectation.gradient!.narrow(0, 0, tokens));
      });
    }
  }
});

describe("hard inputs", () => {
  const rowsOf = (rows: readonly (readonly number[])[], targets: readonly number[]): Input => ({
    logits: tensor(rows.flat(), { shape: [rows.length, rows[0].length] }),
    targets: tensor([...targets], { dtype: "int64" }),
    weights: ones([rows.length]),
    values: full([rows.length], 0.5),
    stream: streamOf(rows.length),
  });
  const isAllFinite = (of: Tensor) => aten.all(aten.isfinite(of)).item() === 1;

  it("logits of +-1e4 and +-1e38, one dominant token, and ties", () => {
    const rows = rowsOf(
      [
        [1e4, -1e4, 0],
        [-1e4, 1e4, 1e4],
        [-1e4, -1e4, -1e4],
        [0, 300, 0],
        [1e38, -1e38, -3e38],
      ],
      [1, 2, 2, 1, 2],
    );
    for (const options of variants) {
      const output = fused(createObjective(options), rows);
      expect(isAllFinite(output.gradient!), nameOf(options)).toBe(true);
      expect(readStatistics(output.statistics).mean_token_accuracy, nameOf(options)).toBe(1);
      if (options.labelSmoothingFactor) continue;
      expect(output.gradient!.toArray().slice(9, 12), nameOf(options)).toEqual([0, expect.closeTo(0, 6), 0]);
    }
  });

  it("no token of probability zero is drawn", () => {
    const wide = new Array(200).fill(-1e4);
    wide[70] = 0;
    wide[199] = 0;
    const { gradient } = fused(createObjective({ otrBeta: 1 }), rowsOf([wide], [70]));
    const values = gradient!.toArray();
    expect(values.filter((value) => value !== 0)).toHaveLength(2);
    expect(values[70] + values[199]).toBeCloseTo(0, 6);
  });

  it("NaN and infinity stay in their rows and in the sums", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const options of variants) {
        for (const dtype of ["float32", "bfloat16"] as const) {
          const rows = rowsOf(
            [
              [bad, 0, 1],
              [2, 0, 1],
            ],
            [0, 1],
          );
          const output = fused(createObjective(options), { ...rows, logits: rows.logits.to(dtype) });
          const gradient = output.gradient!.toArray();
          expect(gradient.slice(0, 3)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
          expect(gradient.slice(3).every(Number.isFinite)).toBe(true);
          expect(readStatistics(output.statistics)).toMatchObject({ count: 2, loss: Number.NaN });
        }
      }
    }
  });
});

describe("evaluateFused", () => {
  const input = inputOf(N, 50);

  it("adds to statistics and leaves the logits alone where no gradient is needed", () => {
    const statistics = newSums();
    const objective = createObjective({ otrBaseline: "value" });
    const values = input.values.clone();
    const logits = input.logits.clone();
    for (const _ of [1, 2]) {
      const output = evaluateFused(objective, { ...input, logits, values, statistics, needsGradient: false });
      expect(output).toEqual({ gradient: null, valueGradient: null });
    }
    expect(relativeError(logits, input.logits)).toBe(0);
    expect(relativeError(values, input.values)).toBe(0);
    expect(relativeError(statistics.div(2), fused(objective, input).statistics)).toBeLessThan(1e-15);
  });

  it("says what is missing", () => {
    const { logits, targets, weights } = input;
    const statistics = newSums();
    const chunk = { logits, targets, weights, statistics };
    expect(() => evaluateFused(createObjective({}), chunk)).toThrow(
      expect.objectContaining({ code: "OBJECTIVE_NEEDS_STREAM" }),
    );
    expect(() => evaluateFused(createObjective({ otrBaseline: "value" }), chunk)).toThrow(
      expect.objectContaining({ code: "OBJECTIVE_NEEDS_VALUES" }),
    );
  });

  it("is not for float64, given samples and objectives without terms", () => {
    const nll = createObjective({ lossType: "nll" });
    const { lossType, samples, rewards, valueLossCoef, evaluate } = nll;
    expect(canFuse(nll, input.logits, null)).toBe(true);
    expect(canFuse(nll, input.logits.to("bfloat16"), input.stream)).toBe(true);
    expect(canFuse(nll, input.logits.to("float64"), null)).toBe(false);
    expect(canFuse(nll, input.logits.to("float16"), null)).toBe(false);
    expect(canFuse(createObjective({}), input.logits, givenSamples(spread(N, 5).unsqueeze(1)))).toBe(false);
    expect(canFuse({ lossType, samples, rewards, valueLossCoef, evaluate }, input.logits, null)).toBe(false);
  });
});

describe("the chunked head", () => {
  const D = 24;
  const V = 150;
  const { targets, weights, stream } = inputOf(N, V);
  const hidden = normal([N, D], 5).to("float32");
  const headWeight = normal([V, D], 6, 0.4).to("float32");
  const valueHead = { weight: normal([D], 7, 0.2).to("float32"), bias: tensor([0.3], { shape: [] }) };

  it("gives the same gradients and statistics by the fused operator as without it", () => {
    for (const options of variants) {
      const { terms, ...withoutTerms } = createObjective(options);
      const input = { hidden, headWeight, targets, weights, stream, valueHead, softcap: 5 };
      const headChunkBytes = 7 * V * 4;
      const expected = chunkedHead({ ...input, objective: withoutTerms, headChunkBytes });
      const actual = chunkedHead({ ...input, objective: { ...withoutTerms, terms }, headChunkBytes });
      expect(relativeError(actual.hiddenGradient!, expected.hiddenGradient!)).toBeLessThan(1e-5);
      expect(relativeError(actual.headGradient!, expected.headGradient!)).toBeLessThan(1e-5);
      expect(relativeError(actual.statistics, expected.statistics)).toBeLessThan(1e-5);
      if (!expected.valueHeadGradient) continue;
      const { weight, bias } = actual.valueHeadGradient!;
      expect(relativeError(weight, expected.valueHeadGradient.weight)).toBeLessThan(1e-5);
      expect(relativeError(bias, expected.valueHeadGradient.bias)).toBeLessThan(1e-5);
    }
  });
});
