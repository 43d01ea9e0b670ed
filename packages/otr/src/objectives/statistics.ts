import { aten, type Tensor } from "@one-token/torch";
import type { Objective, PolicyChange } from "./objective.js";

/**
 * What is summed over supervised tokens, in the order of {@link TokenStatistics}. All but `weighted_loss`
 * become token means; that is the loss that was differentiated, whatever `loss_aggregation` is.
 */
export const statisticNames = [
  "count",
  "loss",
  "nll",
  "target_probability",
  "entropy",
  "mean_token_accuracy",
  "otr_mean_reward",
  "otr_hit_rate",
  "value_loss",
  "weighted_loss",
  "kl",
  "clipped_low",
  "clipped_high",
] as const;

/** How many of them, the first ones, the fused operator knows. */
export const FUSED_STATISTICS = 10;

/** One of {@link statisticNames}. */
export type StatisticName = (typeof statisticNames)[number];

/**
 * Sums over tokens, one float64 tensor with an entry for each of {@link statisticNames}. Chunks,
 * micro-batches and ranks add; reading it is the only point where the device is waited for.
 */
export type TokenStatistics = Tensor;

/** The means that a log line shows; those that the objective does not have are absent. */
export interface MeanStatistics {
  /** The objective without the critic's loss. */
  loss: number;
  nll: number;
  target_probability: number;
  /** Nats. */
  entropy: number;
  mean_token_accuracy: number;
  otr_mean_reward?: number;
  otr_hit_rate?: number;
  value_loss?: number;
  /** Mean divergence from the reference model. */
  kl?: number;
  /** Shares of the tokens whose probability ratio lies beyond its bounds, so that they have no gradient. */
  "clip_ratio/low_mean"?: number;
  "clip_ratio/high_mean"?: number;
  "clip_ratio/region_mean"?: number;
}

interface TokenValues {
  readonly losses: Tensor;
  readonly weights: Tensor;
  readonly targetLogProbability: Tensor;
  readonly entropy: Tensor;
  readonly correct: Tensor;
  readonly rollout: { readonly reward: Tensor; readonly hitRate: Tensor } | null;
  readonly valueLosses: Tensor | null;
  readonly policyChange: PolicyChange | null;
}

/** Sums `(N)` tensors into {@link TokenStatistics}. */
export function tokenStatistics(values: TokenValues): TokenStatistics {
  const { losses, weights, rollout, valueLosses, policyChange } = values;
  const absent = aten.zeros_like(losses);
  const rows: Record<StatisticName, Tensor> = {
    count: aten.ones_like(losses),
    loss: losses,
    nll: values.targetLogProbability.neg(),
    target_probability: values.targetLogProbability.exp(),
    entropy: values.entropy,
    mean_token_accuracy: values.correct.to(losses.dtype),
    otr_mean_reward: rollout?.reward ?? absent,
    otr_hit_rate: rollout?.hitRate ?? absent,
    value_loss: valueLosses ?? absent,
    weighted_loss: losses.mul(weights),
    kl: policyChange?.divergence ?? absent,
    clipped_low: policyChange?.isClippedLow.to(losses.dtype) ?? absent,
    clipped_high: policyChange?.isClippedHigh.to(losses.dtype) ?? absent,
  };
  return aten.sum.dim_IntList(aten.stack(statisticNames.map((name) => rows[name])), [1], false, {
    dtype: "float64",
  });
}

/** The sums by name. Waits for the device. */
export function readStatistics(statistics: TokenStatistics): Record<StatisticName, number> {
  const sums = statistics.toArray();
  return Object.fromEntries(statisticNames.map((name, index) => [name, sums[index]])) as Record<
    StatisticName,
    number
  >;
}

/** Token-weighted means of summed statistics; `NaN` where there was no token. */
export function meanStatistics(
  sums: Readonly<Record<StatisticName, number>>,
  objective: Pick<Objective, "rewards" | "valueLossCoef" | "trainsRollouts">,
): MeanStatistics {
  const mean = (name: StatisticName) => sums[name] / sums.count;
  return {
    loss: mean("loss"),
    nll: mean("nll"),
    target_probability: mean("target_probability"),
    entropy: mean("entropy"),
    mean_token_accuracy: mean("mean_token_accuracy"),
    ...(objective.rewards && {
      otr_mean_reward: mean("otr_mean_reward"),
      otr_hit_rate: mean("otr_hit_rate"),
    }),
    ...(objective.valueLossCoef !== null && { value_loss: mean("value_loss") }),
    ...(objective.trainsRollouts?.needsReference && { kl: mean("kl") }),
    ...(objective.trainsRollouts && {
      "clip_ratio/low_mean": mean("clipped_low"),
      "clip_ratio/high_mean": mean("clipped_high"),
      "clip_ratio/region_mean": mean("clipped_low") + mean("clipped_high"),
    }),
  };
}
