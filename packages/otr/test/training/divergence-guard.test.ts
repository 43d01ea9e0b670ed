import { expect, it } from "vitest";
import {
  DivergenceGuard,
  divergenceError,
  type DivergenceOptions,
  divergenceState,
} from "../../src/training/divergence-guard.js";

const options: DivergenceOptions = {
  skipNonfiniteSteps: 0,
  lossWatchdogThreshold: null,
  lossWatchdogPatience: 3,
};
const place = (step: number) => ({ step, rowIds: [4, 6], describeRows: () => "rows 5, 7 of a.jsonl" });

it("bears as many steps without finite numbers as it may, and names the rows", () => {
  const guard = new DivergenceGuard({ ...options, skipNonfiniteSteps: 1 });
  const first = guard.skip({ what: "loss", value: Number.NaN }, place(3));
  expect(first).toMatchObject({ isFatal: false, alert: { alert: "nonfinite_loss", row_ids: [4, 6] } });
  expect(first.alert.message).toMatch(
    /^the loss of step 3 is NaN, so this step made no update \(1 of .* 1\)/,
  );
  expect(first.alert.message).toContain("rows 5, 7 of a.jsonl");
  const second = guard.skip({ what: "gradient", value: Number.POSITIVE_INFINITY }, place(9));
  expect(second).toMatchObject({ isFatal: true, alert: { alert: "nonfinite_gradient" } });
  expect(second.alert.message).toMatch(/gradient norm of step 9 is Infinity, .* as before this step/);
  expect(divergenceError(second.alert)).toMatchObject({ code: "NONFINITE_GRADIENT" });
  expect(guard.skippedSteps).toBe(1);
});

it("ends a run whose loss is high for some steps in a row", () => {
  const guard = new DivergenceGuard({ ...options, lossWatchdogThreshold: 5 });
  const high = [6, 6, 4, 5, 7, 8, 9].map((nll, step) => guard.watch({ nll, gradNorm: 1 }, place(step + 1)));
  expect(high.slice(0, -1)).toEqual([[], [], [], [], [], []]);
  expect(high.at(-1)).toMatchObject([{ isFatal: true, alert: { alert: "loss_watchdog" } }]);
  expect(high.at(-1)![0]!.alert.message).toMatch(
    /above loss_watchdog_threshold 5 for 3 steps in a row \(9 at/,
  );
});

it("takes a loss that is infinite for a high one", () => {
  const guard = new DivergenceGuard({ ...options, lossWatchdogThreshold: 5, lossWatchdogPatience: 1 });
  expect(guard.watch({ nll: Number.POSITIVE_INFINITY, gradNorm: 1 }, place(1))).toHaveLength(1);
});

it("tells of a spike of the gradient norm", () => {
  const guard = new DivergenceGuard(options);
  for (let step = 1; step <= 30; step++) guard.watch({ nll: 1, gradNorm: 1 + (step % 3) / 10 }, place(step));
  const [spike] = guard.watch({ nll: 1, gradNorm: 40 }, place(31));
  expect(spike).toMatchObject({ isFatal: false, alert: { alert: "gradient_spike", row_ids: [4, 6] } });
  expect(spike!.alert.message).toMatch(/of step 31 is 40, far above the 1\.1 that is usual/);
});

it("goes on from its state, which its schema reads back", () => {
  const guard = new DivergenceGuard({ ...options, skipNonfiniteSteps: 2, lossWatchdogThreshold: 5 });
  guard.skip({ what: "loss", value: Number.NaN }, place(1));
  for (const nll of [6, 7]) guard.watch({ nll, gradNorm: 0.123456789 }, place(2));
  const state = divergenceState.parse(JSON.parse(JSON.stringify(guard.state)));
  const resumed = new DivergenceGuard({ ...options, skipNonfiniteSteps: 2, lossWatchdogThreshold: 5 });
  resumed.restore(state);
  expect(resumed.state).toEqual(guard.state);
  expect(resumed.watch({ nll: 8, gradNorm: 1 }, place(3))).toMatchObject([{ isFatal: true }]);
  expect(() => divergenceState.parse({ ...state, skipped: -1 })).toThrow();
});
