import { readFileSync } from "node:fs";
import { aten, type Tensor, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import type { GrpoOptions } from "../../src/objectives/grpo.js";
import { evaluateObjective } from "../../src/objectives/objective.js";
import { createObjective } from "../../src/objectives/registry.js";
import { rolloutTokens } from "../../src/objectives/rollout-tokens.js";
import { readStatistics } from "../../src/objectives/statistics.js";
import { type GrpoAggregation, rolloutWeight } from "../../src/training/rollout-row.js";
import { differentiate } from "./oracle.js";
import { normal, relativeError, spread } from "./tokens.js";

interface Reference {
  readonly logits: number[][][];
  readonly targets: number[][];
  readonly lengths: number[];
  readonly advantages: number[];
  readonly max_completion_length: number;
  readonly losses: readonly {
    readonly settings: {
      readonly loss_type?: GrpoAggregation;
      readonly epsilon?: number;
      readonly epsilon_high?: number;
      readonly beta?: number;
      readonly use_bias_correction_kl?: boolean;
    };
    readonly temperature: number;
    readonly old: number[][] | null;
    readonly reference: number[][];
    readonly loss: number;
    readonly gradient: number[][][];
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}
const reference: Reference = JSON.parse(
  readFileSync(new URL("../references/grpo.json", import.meta.url), "utf8"),
);

/** Advantages, and log-probabilities by the tokens' place, of N tokens. */
interface Known {
  readonly advantages: readonly number[];
  readonly old: readonly number[] | null;
  readonly reference?: readonly number[] | null;
}

const rolloutsOf = ({ advantages, old, reference: other = null }: Known) =>
  rolloutTokens({
    advantages: Float64Array.from(advantages),
    oldLogProbability: old && Float64Array.from(old),
    referenceLogProbability: other && Float64Array.from(other),
  });

/** The formula of the papers in differentiable operators. */
function twin(leaf: Tensor, targets: Tensor, known: Known, options: GrpoOptions): Tensor {
  const { temperature, epsilon, epsilonHigh, beta } = options;
  const column = (values: readonly number[]) => tensor([...values], { dtype: "float64" });
  const own = leaf.div(temperature).logSoftmax(1).gather(1, targets.unsqueeze(1)).squeeze(1);
  const ratio = own.sub(known.old ? column(known.old) : own.detach()).exp();
  const advantages = column(known.advantages);
  const clipped = aten.clamp(ratio, 1 - epsilon, 1 + (epsilonHigh ?? epsilon));
  const loss = aten.minimum(ratio.mul(advantages), clipped.mul(advantages)).neg();
  if (!known.reference) return loss;
  const difference = column(known.reference).sub(own);
  const divergence = difference.exp().sub(difference).sub(1);
  return loss.add((options.useBiasCorrectionKl ? divergence.mul(ratio) : divergence).mul(beta));
}

const [N, V] = [24, 11];
const logits = normal([N, V], 5, 2);
const targets = spread(N, V);
const weights = aten.abs(normal([N], 6));
const numbers = (seed: number, scale = 1) => normal([N], seed, scale).toArray();
const ownLogProbabilities = (temperature: number) =>
  logits.div(temperature).logSoftmax(1).gather(1, targets.unsqueeze(1)).squeeze(1).toArray();
const near = (temperature: number, seed: number) => {
  const noise = numbers(seed, 0.5);
  return ownLogProbabilities(temperature).map((value, at) => value + noise[at]!);
};
const defaults = { temperature: 1, epsilon: 0.2, epsilonHigh: null, beta: 0, useBiasCorrectionKl: true };

const evaluate = (options: Partial<GrpoOptions>, known: Known, dtype: "float32" | "float64" = "float64") =>
  evaluateObjective(createObjective({ lossType: "grpo", ...options }), {
    logits: logits.to(dtype).clone(),
    targets,
    weights: weights.to(dtype),
    rollouts: rolloutsOf(known),
  });

describe("grpo", () => {
  it.each(reference.losses.map((one) => [JSON.stringify(one.settings), one] as const))(
    "has TRL's loss and gradient: %s",
    (_, { settings, temperature, old, reference: other, loss, gradient, metrics }) => {
      const { lengths, advantages, max_completion_length: longest } = reference;
      const places = lengths.flatMap((length, row) =>
        Array.from({ length }, (_, at) => ({ row, at, key: row * lengths[0]! + at })),
      );
      const index = tensor(
        places.map(({ key }) => key),
        { dtype: "int64" },
      );
      const rows = lengths.map((length, id) => {
        const inputIds = new Int32Array(length + 1);
        return { id, inputIds, labels: inputIds.map((_, at) => (at === 0 ? -100 : 0)) };
      });
      const batches = [rows.slice(0, 2), rows.slice(2)];
      const weightOf = rolloutWeight(batches, settings.loss_type ?? "dapo", longest);
      const flat = tensor(reference.logits.flat(2), { shape: [16, 5], dtype: "float64" });
      const pick = (values: number[][]) => places.map(({ row, at }) => values[row]![at]!);
      const { beta = 0 } = settings;
      const objective = createObjective({
        ...{ lossType: "grpo", temperature, beta },
        ...{ epsilon: settings.epsilon ?? 0.2, epsilonHigh: settings.epsilon_high ?? null },
        useBiasCorrectionKl: settings.use_bias_correction_kl ?? true,
      });
      const output = evaluateObjective(objective, {
        logits: flat.indexSelect(0, index),
        targets: tensor(pick(reference.targets), { dtype: "int64" }),
        weights: tensor(
          places.map(({ row }) => weightOf(rows[row]!)),
          { dtype: "float64" },
        ),
        rollouts: rolloutsOf({
          advantages: places.map(({ row }) => advantages[row]!),
          old: old && pick(old),
          reference: beta === 0 ? null : pick(other),
        }),
      });
      const sums = readStatistics(output.statistics);
      expect(sums.weighted_loss).toBeCloseTo(loss, 12);
      const expected = tensor(gradient.flat(2), { shape: [16, 5], dtype: "float64" });
      expect(relativeError(output.gradient!, expected.indexSelect(0, index))).toBeLessThan(1e-12);
      expect(sums.clipped_high / sums.count).toBeCloseTo(metrics["clip_ratio/high_mean"]!, 6);
      expect(sums.clipped_low / sums.count).toBeCloseTo(metrics["clip_ratio/low_mean"]!, 6);
      expect(sums.kl / sums.count).toBeCloseTo(metrics.kl ?? 0, 6);
    },
  );

  it.each<Partial<GrpoOptions>>([
    {},
    { epsilon: 0.1, epsilonHigh: 0.5 },
    { temperature: 0.6 },
    { beta: 0.4, temperature: 1.7 },
    { beta: 0.4, useBiasCorrectionKl: false },
  ])("equals autograd through plain operators, on policy and off: %o", (options) => {
    const temperature = options.temperature ?? 1;
    const other = options.beta ? { reference: near(temperature, 9) } : {};
    for (const old of [null, near(temperature, 8)]) {
      const known = { advantages: numbers(7), old, ...other };
      const expected = differentiate(logits, weights, (leaf) =>
        twin(leaf, targets, known, { ...defaults, ...options }),
      );
      const actual = evaluate(options, known);
      expect(relativeError(actual.tokenLosses, expected.losses)).toBeLessThan(1e-12);
      expect(relativeError(actual.gradient!, expected.gradient)).toBeLessThan(1e-11);
      const narrower = evaluate(options, known, "float32");
      expect(relativeError(narrower.gradient!, expected.gradient)).toBeLessThan(1e-5);
      const sums = readStatistics(actual.statistics);
      expect(sums.clipped_low > 0 && sums.clipped_high > 0).toBe(old !== null);
    }
  });

  it("is REINFORCE with the group's baseline while the policy is the one that sampled", () => {
    const advantages = numbers(7);
    const { gradient } = evaluate({}, { advantages, old: null });
    const scale = weights.mul(tensor(advantages, { dtype: "float64" })).unsqueeze(1);
    const probabilities = logits.softmax(1);
    const expected = aten
      .scatter_add(probabilities, 1, targets.unsqueeze(1), aten.full_like(scale, -1))
      .mul(scale);
    expect(relativeError(gradient!, expected)).toBeLessThan(1e-12);
  });

  it("has no divergence, and pushes nowhere, while the policy is the reference and no completion is better", () => {
    const own = ownLogProbabilities(1);
    const output = evaluate({ beta: 0.5 }, { advantages: own.map(() => 0), old: null, reference: own });
    expect(aten.max(aten.abs(output.gradient!)).item()).toBeLessThan(1e-14);
    expect(Math.abs(readStatistics(output.statistics).kl)).toBeLessThan(1e-12);
  });

  it("asks for rollouts", () => {
    const input = { logits: logits.clone(), targets, weights };
    expect(() => evaluateObjective(createObjective({ lossType: "grpo" }), input)).toThrow(
      expect.objectContaining({ code: "OBJECTIVE_NEEDS_ROLLOUTS" }),
    );
  });
});
