import { describe, expect, it } from "vitest";
import { BestEvaluation } from "../../src/training/best-evaluation.js";

const options = {
  metricForBestModel: "eval_loss",
  greaterIsBetter: false,
  earlyStoppingPatience: 2,
  earlyStoppingThreshold: 0,
};

/** The best step and whether there is hope, after evaluations at steps 1, 2, ... */
function after(values: readonly number[], changes: Partial<typeof options> = {}) {
  const best = new BestEvaluation({ ...options, ...changes });
  for (const [at, value] of values.entries()) best.add({ eval_loss: value }, at + 1);
  return { step: best.best?.step ?? null, isHopeless: best.isHopeless };
}

describe("BestEvaluation", () => {
  it.each([
    [[], null, false],
    [[3], 1, false],
    [[3, 2, 1], 3, false],
    [[1, 2], 1, false],
    [[1, 2, 2], 1, true],
    [[1, 2, 0.5], 3, false],
    [[1, 1, 1], 1, true],
    [[Number.NaN, 2], 2, false],
    [[1, Number.NaN, Number.POSITIVE_INFINITY], 1, true],
  ])("after losses %j is the best of step %j, hopeless %j", (values, step, isHopeless) => {
    expect(after(values)).toEqual({ step, isHopeless });
  });

  it("takes more for better where that is asked for", () => {
    expect(after([1, 3, 2], { greaterIsBetter: true }).step).toBe(2);
  });

  it("counts only what is better by the threshold for patience, but keeps the best all the same", () => {
    expect(after([1, 0.95, 0.9], { earlyStoppingThreshold: 0.2 })).toEqual({ step: 3, isHopeless: true });
  });

  it("goes on from its state, and tells what decided on it", () => {
    const first = new BestEvaluation(options);
    first.add({ eval_loss: 1 }, 1);
    first.add({ eval_loss: 2 }, 2);
    const state = JSON.parse(JSON.stringify(first.state));
    const second = new BestEvaluation(options);
    second.restore(state);
    second.add({ eval_loss: 2 }, 3);
    expect([second.best, second.isHopeless]).toEqual([{ metric: "eval_loss", value: 1, step: 1 }, true]);
    expect(state.judged_by).toEqual({ metric: "eval_loss", greater_is_better: false, threshold: 0 });
  });

  it("says which metric an evaluation lacks", () => {
    const best = new BestEvaluation({ ...options, metricForBestModel: "eval_f1" });
    expect(() => best.add({ eval_loss: 1 }, 1)).toThrow(/has no eval_f1; it has eval_loss/);
  });
});
