import { aten, type Tensor, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { evaluateObjective } from "../../src/objectives/objective.js";
import { givenSamples, keyedStream } from "../../src/objectives/random-stream.js";
import { createObjective, type ObjectiveOptions } from "../../src/objectives/registry.js";
import { readStatistics } from "../../src/objectives/statistics.js";
import { differentiate, dftOracle, exactOtrOracle, nllOracle, sampledOtrOracle } from "./oracle.js";
import { expectMean, normal, relativeError, spread } from "./tokens.js";

const N = 12;
const V = 41;
const targets = spread(N, V);
const logits = normal([N, V], 1, 2);
const weights = aten.abs(normal([N], 2));
const values = normal([N], 3, 0.3);
/** Five samples a token: the target twice, the most probable token twice, one other. */
const samples = aten.stack([targets, logits.argmax(1), spread(N, V, 4), logits.argmax(1), targets], 1);

const evaluate = (options: Partial<ObjectiveOptions>) =>
  evaluateObjective(createObjective({ otrNumSamples: 5, ...options }), {
    logits: logits.clone(),
    targets,
    weights,
    values,
    stream: givenSamples(samples),
  });

function expectEqual(options: Partial<ObjectiveOptions>, oracle: (leaf: Tensor) => Tensor): void {
  const actual = evaluate(options);
  const expected = differentiate(logits, weights, oracle);
  expect(relativeError(actual.tokenLosses, expected.losses)).toBeLessThan(1e-12);
  expect(relativeError(actual.gradient!, expected.gradient)).toBeLessThan(1e-11);
}

describe("every objective equals autograd through plain operators, token by token", () => {
  it("nll", () => expectEqual({ lossType: "nll" }, (leaf) => nllOracle({ logits: leaf, targets })));
  it("nll with label smoothing and entropy", () => {
    expectEqual({ lossType: "nll", labelSmoothingFactor: 0.2, entropyCoef: 0.3 }, (leaf) =>
      nllOracle({ logits: leaf, targets }, 0.2, 0.3),
    );
  });
  it("dft", () => expectEqual({ lossType: "dft" }, (leaf) => dftOracle({ logits: leaf, targets })));

  for (const baseline of ["none", "rloo", "value"] as const) {
    for (const correction of [false, true]) {
      for (const kappa of [0.7, 1, 1.3]) {
        const name = `baseline ${baseline}, importance correction ${correction}, kappa ${kappa}`;
        const options = { otrBaseline: baseline, otrImportanceCorrection: correction, otrTemperature: kappa };
        const oracle = { kappa, beta: -0.1, baseline, correction, values };
        it(`otr: ${name}`, () => {
          expectEqual(options, (leaf) => sampledOtrOracle({ logits: leaf, targets }, samples, oracle));
        });
        it(`exact otr: ${name}`, () => {
          expectEqual({ ...options, otrEstimator: "exact" }, (leaf) =>
            exactOtrOracle({ logits: leaf, targets }, oracle),
          );
        });
      }
    }
  }

  it("nll_coef beside a sampled, a dense and a one-token objective", () => {
    const oracle = { kappa: 1.3, beta: -0.1, baseline: "none", correction: false, values } as const;
    const plus = (losses: Tensor, leaf: Tensor) => losses.add(nllOracle({ logits: leaf, targets }).mul(0.4));
    expectEqual({ nllCoef: 0.4 }, (leaf) =>
      plus(sampledOtrOracle({ logits: leaf, targets }, samples, oracle), leaf),
    );
    expectEqual({ nllCoef: 0.4, otrEstimator: "exact" }, (leaf) =>
      plus(exactOtrOracle({ logits: leaf, targets }, oracle), leaf),
    );
    expectEqual({ nllCoef: 0.4, lossType: "dft" }, (leaf) =>
      plus(dftOracle({ logits: leaf, targets }), leaf),
    );
  });
});

describe("identities", () => {
  it("exact otr at kappa 1 is (1 - beta) times dft", () => {
    const scaled = evaluate({ lossType: "dft" }).gradient!.mul(1.1);
    const exact = evaluate({ otrEstimator: "exact", otrTemperature: 1 });
    expect(relativeError(exact.gradient!, scaled)).toBeLessThan(1e-12);
  });

  it("importance correction makes every kappa and baseline (1 - beta) times dft", () => {
    const scaled = evaluate({ lossType: "dft" }).gradient!.mul(1.1);
    for (const otrBaseline of ["none", "rloo", "value"] as const) {
      for (const otrTemperature of [0.6, 2.5]) {
        const options = {
          otrBaseline,
          otrTemperature,
          otrEstimator: "exact",
          otrImportanceCorrection: true,
        } as const;
        expect(relativeError(evaluate(options).gradient!, scaled)).toBeLessThan(1e-12);
      }
    }
  });

  it("under rloo beta only scales", () => {
    const base = evaluate({ otrBaseline: "rloo", otrBeta: 0 }).gradient!;
    const other = evaluate({ otrBaseline: "rloo", otrBeta: -1.5 }).gradient!;
    expect(relativeError(other, base.mul(2.5))).toBeLessThan(1e-12);
  });

  it("the gradient of every row sums to zero", () => {
    for (const options of [
      { lossType: "nll" },
      { lossType: "dft" },
      {},
      { otrEstimator: "exact" },
    ] as const) {
      expect(aten.max(aten.abs(evaluate(options).gradient!.sum([1]))).item()).toBeLessThan(1e-15);
    }
  });
});

describe("the Monte Carlo gradient converges to the exact one", () => {
  const tokens = 4;
  const draws = 400;
  // Each token stands there once for every draw; flat enough that the whole vocabulary is drawn many times.
  const repeat = (of: Tensor) =>
    aten.repeat(of.narrow(0, 0, tokens), [draws, ...of.shape.slice(1).map(() => 1)]);
  const index = Array.from({ length: tokens * draws }, (_, place) => place);
  const gradientsOf = (options: Partial<ObjectiveOptions>) =>
    evaluateObjective(createObjective({ ...options, otrNumSamples: 64 }), {
      logits: repeat(logits).mul(0.35),
      targets: repeat(targets),
      weights: aten.ones_like(repeat(weights)),
      values: repeat(values),
      stream: keyedStream({ seed: 3, step: 0, rowIds: index, positions: index }),
    }).gradient!.view([draws, tokens, V]);

  for (const otrBaseline of ["none", "rloo", "value"] as const) {
    for (const otrImportanceCorrection of [false, true]) {
      it(`baseline ${otrBaseline}, importance correction ${otrImportanceCorrection}`, () => {
        const options = { otrBaseline, otrImportanceCorrection };
        const exact = gradientsOf({ ...options, otrEstimator: "exact" })
          .narrow(0, 0, 1)
          .squeeze(0);
        expectMean(gradientsOf(options), exact);
      });
    }
  }
});

describe("hard inputs", () => {
  const variants: Partial<ObjectiveOptions>[] = [
    { lossType: "nll" },
    { lossType: "nll", labelSmoothingFactor: 0.1, entropyCoef: 0.1 },
    { lossType: "dft" },
    {},
    { otrBaseline: "rloo" },
    { otrImportanceCorrection: true },
    { otrEstimator: "exact" },
    { otrEstimator: "exact", otrBaseline: "rloo" },
    { otrBaseline: "value" },
    { nllCoef: 0.1 },
  ];
  const stream = keyedStream({ seed: 1, step: 2, rowIds: [0, 1, 2, 3], positions: [0, 0, 0, 0] });
  const run = (options: Partial<ObjectiveOptions>, rows: readonly number[][], target: readonly number[]) =>
    evaluateObjective(createObjective(options), {
      logits: tensor(rows.flat(), { shape: [rows.length, rows[0].length] }),
      targets: tensor(target, { dtype: "int64" }),
      weights: tensor(target.map(() => 1)),
      values: tensor(target.map(() => 0.5)),
      stream: stream.narrow(0, rows.length),
    });
  const finite = (of: Tensor) => aten.all(aten.isfinite(of)).item() === 1;

  it("logits of +-1e4 and a target whose probability underflows give finite losses and gradients", () => {
    const rows = [
      [1e4, -1e4, 0],
      [-1e4, 1e4, 1e4],
      [-1e4, -1e4, -1e4],
      [0, 300, 0],
    ];
    for (const options of variants) {
      const output = run(options, rows, [1, 0, 2, 0]);
      expect(finite(output.tokenLosses), JSON.stringify(options)).toBe(true);
      expect(finite(output.gradient!), JSON.stringify(options)).toBe(true);
      expect(finite(output.statistics), JSON.stringify(options)).toBe(true);
    }
    expect(run({ lossType: "nll" }, rows, [1, 0, 2, 0]).tokenLosses.toArray()[0]).toBeCloseTo(2e4, 0);
    expect(run({ lossType: "dft" }, rows, [1, 0, 1, 0]).gradient!.toArray().slice(0, 3)).toEqual([0, 0, 0]);
  });

  it("a vocabulary of two and a single sample", () => {
    for (const options of variants.filter(({ otrBaseline }) => otrBaseline !== "rloo")) {
      const output = run({ ...options, otrNumSamples: 1 }, [[0.5, -0.5]], [1]);
      expect(finite(output.gradient!)).toBe(true);
      expect(output.gradient!.sum().item()).toBeCloseTo(0, 6);
    }
  });

  it("a target that is never sampled gets no push from otr, and one from nll_coef", () => {
    const push = (options: Partial<ObjectiveOptions>) =>
      run(options, [[20, 0, -20]], [2]).gradient!.toArray()[2];
    expect(Math.abs(push({ otrBeta: 0 }))).toBe(0);
    expect(push({ otrBeta: 0, nllCoef: 0.1 })).toBeCloseTo(-0.1, 6);
  });

  it("NaN stays NaN and draws no token outside of the vocabulary", () => {
    const output = run({}, [[Number.NaN, 0, 1]], [0]);
    expect(finite(output.gradient!)).toBe(false);
  });
});

describe("evaluateObjective", () => {
  it("counts, rewards and hits", () => {
    const sums = readStatistics(evaluate({}).statistics);
    const hits = samples.eq(targets.unsqueeze(1)).to("float64");
    expect(sums.count).toBe(N);
    expect(sums.otr_hit_rate).toBeCloseTo(hits.mean([1]).sum().item(), 12);
    expect(sums.otr_mean_reward).toBeCloseTo(hits.mul(1.1).sub(0.1).mean([1]).sum().item(), 12);
    const probabilities = logits.softmax(1);
    expect(sums.target_probability).toBeCloseTo(
      probabilities.gather(1, targets.unsqueeze(1)).sum().item(),
      10,
    );
    expect(sums.entropy).toBeCloseTo(-probabilities.mul(probabilities.log()).sum().item(), 10);
    expect(sums.mean_token_accuracy).toBe(logits.argmax(1).eq(targets).sum().item());
  });

  it("computes no gradient when none is needed", () => {
    const output = evaluateObjective(createObjective({ lossType: "nll" }), {
      logits: logits.clone(),
      targets,
      weights,
      needsGradient: false,
    });
    expect(output.gradient).toBeNull();
  });

  it("says what is missing", () => {
    const input = { logits: logits.clone(), targets, weights };
    expect(() => evaluateObjective(createObjective({}), input)).toThrow(
      expect.objectContaining({ code: "OBJECTIVE_NEEDS_STREAM" }),
    );
    expect(() => evaluateObjective(createObjective({ otrBaseline: "value" }), input)).toThrow(
      expect.objectContaining({ code: "OBJECTIVE_NEEDS_VALUES" }),
    );
  });
});
