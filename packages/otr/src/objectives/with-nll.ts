import { aten } from "@one-token/torch";
import type { Objective } from "./objective.js";

/**
 * `objective` plus `coefficient` times -log pi_y. A target far less probable than 1/K is never sampled, so a
 * rollout alone cannot learn it; this part can.
 */
export function withNll(objective: Objective, coefficient: number): Objective {
  const { terms } = objective;
  return {
    ...objective,
    ...(terms && { terms: { ...terms, target: (terms.target ?? 0) + coefficient } }),
    evaluate(context) {
      const { losses, weights, rollout } = objective.evaluate(context);
      return {
        losses: losses.sub(context.targetLogProbability.mul(coefficient)),
        weights: {
          ...weights,
          total: weights.total.add(coefficient),
          atTarget: weights.atTarget?.add(coefficient) ?? aten.full_like(losses, coefficient),
        },
        rollout,
      };
    },
  };
}
