import { expect, it } from "vitest";
import { createObjective } from "../../src/objectives/registry.js";
import type { TrainEvent } from "../../src/training/events.js";
import { MetricsWindow } from "../../src/training/metrics-window.js";
import { RunLog } from "../../src/training/run-log.js";
import { emptySums } from "../../src/training/sum-statistics.js";

const row = { id: 0, inputIds: new Int32Array(5), labels: new Int32Array(5) };

function makeLog(loggingFirstStep = false) {
  const lines: object[] = [];
  const events: TrainEvent[] = [];
  const log = new RunLog({
    window: new MetricsWindow({
      objective: createObjective({ lossType: "nll" }),
      lossBySteps: false,
      skippedRows: 0,
    }),
    files: { log: (line) => void lines.push(line) },
    emit: (event) => void events.push(event),
    plan: { totalSteps: 5, epochAfter: (steps) => steps / 10 },
    loggingSteps: 2,
    loggingFirstStep,
  });
  const step = (loss: number) => {
    log.addMicroBatch([row], { ...emptySums(), count: 1, loss });
    log.endStep({ learning_rate: 0.1, grad_norm: 1 });
  };
  return { log, lines, events, step };
}

it("writes a line every so many steps and for the last one, and tells of each step", () => {
  const { log, lines, events, step } = makeLog();
  for (const loss of [1, 3, 5, 7, 9]) step(loss);
  expect(lines).toMatchObject([
    { step: 2, epoch: 0.2, loss: 2 },
    { step: 4, epoch: 0.4, loss: 6 },
    { step: 5, epoch: 0.5, loss: 9, num_tokens: 25 },
  ]);
  expect(events.map((event) => event.type === "step" && event.metrics?.step)).toEqual([
    undefined,
    2,
    undefined,
    4,
    5,
  ]);
  expect(log.steps).toBe(5);
  expect(log.metrics).toEqual(lines.at(-1));
  expect(log.total.loss).toBe(25);
});

it("writes a line for the first step too, where that is asked for", () => {
  const { lines, step } = makeLog(true);
  for (const loss of [1, 3, 5]) step(loss);
  expect(lines).toMatchObject([
    { step: 1, loss: 1 },
    { step: 2, loss: 3 },
  ]);
});

it("writes a marked line where a run ends between two, and none where one was just written", () => {
  const { log, lines, step } = makeLog();
  step(4);
  log.endEarly("interrupted");
  expect(lines).toMatchObject([{ step: 1, loss: 4, interrupted: true }]);
  step(6);
  log.endEarly("interrupted");
  expect(lines).toHaveLength(2);
  expect(lines[1]).not.toHaveProperty("interrupted");
});

it("does not call a run that stopped early interrupted", () => {
  const { log, lines, step } = makeLog();
  step(4);
  log.endEarly("stopped_early");
  expect(lines).toMatchObject([{ step: 1, stopped_early: true }]);
  expect(lines[0]).not.toHaveProperty("interrupted");
});

it("goes on from its state as if it had not ended", () => {
  const straight = makeLog();
  for (const loss of [1, 3, 5]) straight.step(loss);
  const resumed = makeLog();
  resumed.log.restore(3, JSON.parse(JSON.stringify(straight.log.state)));
  for (const { step } of [straight, resumed]) for (const loss of [7, 9]) step(loss);
  const clock = { time: 0, step_time: 0, tokens_per_second: 0, memory_bytes: 0 };
  expect(resumed.lines.map((line) => ({ ...line, ...clock }))).toEqual(
    straight.lines.slice(1).map((line) => ({ ...line, ...clock })),
  );
  expect(resumed.log.total).toEqual(straight.log.total);
});

it("writes an evaluation as a line of its own, and leaves its time out of the steps'", () => {
  const { log, lines, events, step } = makeLog();
  step(1);
  log.addEvaluation({ eval_loss: 2, eval_runtime: 100 });
  log.excludeTime(100);
  step(3);
  expect(lines).toMatchObject([{ step: 1, epoch: 0.1, eval_loss: 2 }, { step: 2 }]);
  expect(events[1]).toEqual({ type: "evaluate", step: 1, metrics: { eval_loss: 2, eval_runtime: 100 } });
  expect(log.metrics).toMatchObject({ step: 2, eval_loss: 2 });
  expect(log.metrics.step_time).toBeLessThan(0);
});
