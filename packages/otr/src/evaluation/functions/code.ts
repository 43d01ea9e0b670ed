/** @file Metrics of programs: they are run, with the tests of their row behind them. */
import { DataError } from "../../errors.js";
import { passAtK as estimate } from "../statistics/pass-at-k.js";
import type { AnswerMetric } from "../metrics/metric.js";

/** `pass@k` for each k of the settings (Chen et al., arXiv 2107.03374, equation 1). */
export const passAtK: AnswerMetric = async ({ reference, predictions }, { k }, tools) => {
  const counts = [k].flat();
  let passed = 0;
  for (const program of predictions) if (await tools.runProgram(`${program}\n${reference}`)) passed += 1;
  const values = counts.map((count) => {
    if (typeof count !== "number" || !Number.isInteger(count) || count < 1 || count > predictions.length) {
      throw new DataError(
        "TASK_INVALID",
        `k of pass@k must be from 1 to ${predictions.length}, the answers to a row (repeats)`,
      );
    }
    return [`pass@${count}`, estimate(predictions.length, passed, count)] as const;
  });
  return Object.fromEntries(values);
};

/** `pass_at_1`: the share of the answers that pass. */
export const passAt1: AnswerMetric = async (answer, _settings, tools) => {
  const { "pass@1": value = 0 } = await passAtK(answer, { k: 1 }, tools);
  return { pass_at_1: value };
};
