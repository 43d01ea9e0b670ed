import { describe, expect, it } from "vitest";
import { createObjective } from "../../src/objectives/registry.js";
import { MetricsWindow } from "../../src/training/metrics-window.js";
import { emptySums } from "../../src/training/sum-statistics.js";

const row = (length: number) => ({ id: 0, inputIds: new Int32Array(length), labels: new Int32Array(length) });
const facts = { step: 1, epoch: 0.5, learning_rate: 1e-3, grad_norm: 2 };

describe("MetricsWindow", () => {
  it("weights means by tokens since the last line, and counts since the start", () => {
    const window = new MetricsWindow({
      objective: createObjective({ lossType: "nll" }),
      lossBySteps: false,
      skippedRows: 4,
    });
    window.add([row(10)], { ...emptySums(), count: 1, loss: 5, nll: 5 });
    window.add([row(6), row(4)], { ...emptySums(), count: 3, loss: 3, nll: 3 });
    window.endStep();
    expect(window.take(facts)).toMatchObject({
      loss: 2,
      nll: 2,
      num_tokens: 20,
      num_supervised_tokens: 4,
      skipped_rows: 4,
    });
    window.add([row(5)], { ...emptySums(), count: 2, loss: 1, nll: 1 });
    window.endStep();
    const second = window.take({ ...facts, step: 2 });
    expect(second).toMatchObject({
      loss: 0.5,
      num_tokens: 25,
      num_supervised_tokens: 6,
      step: 2,
      grad_norm: 2,
    });
    expect(second.tokens_per_second * second.step_time).toBeCloseTo(5, 6);
    expect(window.total.loss).toBe(9);
  });

  it("shows the sequence mean of a step where that is minimised", () => {
    const window = new MetricsWindow({
      objective: createObjective({ lossType: "nll" }),
      lossBySteps: true,
      skippedRows: 0,
    });
    for (const weighted_loss of [2, 4]) {
      window.add([row(2)], { ...emptySums(), count: 3, loss: 100, weighted_loss });
      window.endStep();
    }
    expect(window.take(facts).loss).toBe(3);
  });

  it("shows means over the steps that had new completions, and keeps them in its state", () => {
    const make = () =>
      new MetricsWindow({
        objective: createObjective({ lossType: "grpo" }),
        lossBySteps: true,
        skippedRows: 0,
      });
    const completions = {
      reward_std: 1,
      frac_reward_zero_std: 0,
      "completions/mean_length": 3,
      "completions/min_length": 2,
      "completions/max_length": 4,
      "completions/clipped_ratio": 0,
    };
    const window = make();
    window.addRollouts({ ...completions, reward: 1, "rewards/own/mean": Number.NaN });
    const resumed = make();
    resumed.restore(JSON.parse(JSON.stringify(window.state)));
    resumed.addRollouts({ ...completions, reward: 4, "rewards/own/mean": 3 });
    resumed.add([row(2)], { ...emptySums(), count: 3, weighted_loss: 1 });
    for (const _ of [1, 2, 3]) resumed.endStep();
    expect(resumed.take(facts)).toMatchObject({ reward: 2.5, reward_std: 1, "rewards/own/mean": 3 });
    expect(resumed.state.rollouts).toEqual({});
  });

  it("leaves evaluation out of the time of a step", () => {
    const window = new MetricsWindow({
      objective: createObjective({ lossType: "nll" }),
      lossBySteps: false,
      skippedRows: 0,
    });
    window.add([row(2)], { ...emptySums(), count: 1 });
    window.endStep();
    window.exclude(100);
    expect(window.take(facts).step_time).toBeLessThan(0);
  });
});
