import { describe, expect, it } from "vitest";
import { jsonDisplay, lineDisplay, liveDisplay } from "../../src/cli/train-display.js";
import type { StepMetrics, TrainEvent } from "../../src/training/events.js";
import { Screen } from "./screen.js";

const metrics = {
  step: 10,
  loss: 1.23456,
  nll: 2,
  learning_rate: 1.9e-5,
  tokens_per_second: 12_345,
  memory_bytes: 1.5 * 2 ** 30,
} as StepMetrics;
const start: TrainEvent = {
  type: "start",
  totalSteps: 20,
  rows: 300,
  tokens: 12_000,
  model: "some/model",
  modelType: "llama",
  parameters: 812_160,
  objective: "otr, 256 samples at temperature 1.3, beta -0.1",
  memory: { planned: 2 ** 31, available: 2 ** 33 },
  usesChatTemplate: false,
  notes: ["Computing in float32."],
  warnings: ["2 rows were cut; raise max_length."],
};
const spike = (step: number): TrainEvent => ({
  type: "alert",
  step,
  alert: "gradient_spike",
  message: `the gradient norm of step ${step} is 9`,
  row_ids: [],
});
const events: TrainEvent[] = [
  start,
  { type: "step", step: 9, totalSteps: 20, metrics: null },
  { type: "step", step: 10, totalSteps: 20, metrics },
  {
    type: "evaluate",
    step: 10,
    metrics: { eval_loss: 0.5, eval_objective_loss: 0.1, eval_mean_token_accuracy: 0.000_012_345_6 },
  },
  { type: "step", step: 11, totalSteps: 20, metrics: null },
  spike(11),
  spike(19),
  { type: "end", status: "completed", outputDir: "out", summary: ["Trained 20 steps in 3 s."] },
];

const style = { isUnicode: true, hasColor: false };

function show(display: typeof jsonDisplay): string[] {
  let text = "";
  const onEvent = display((part) => {
    text += part;
  });
  for (const event of events) onEvent(event);
  return text.trimEnd().split("\n");
}

describe("lineDisplay", () => {
  it("writes one plain line per logged step and evaluation", () => {
    expect(show((write) => lineDisplay(write, () => 0))).toEqual([
      "model      some/model (llama, 812k parameters)",
      "data       300 rows, 12k tokens",
      "objective  otr, 256 samples at temperature 1.3, beta -0.1",
      "plan       20 steps, about 2.0 GiB of memory (8.0 GiB are there)",
      "Computing in float32.",
      "warning: 2 rows were cut; raise max_length.",
      "step 10/20  loss 1.2346  lr 1.9e-5  12.3k tok/s  1.5 GiB  0:00 left",
      "evaluated at step 10  eval_loss 0.5  eval_mean_token_accuracy 1.235e-5",
      "warning: the gradient norm of step 11 is 9.",
      "warning: the gradient norm of step 19 is 9.",
      "Trained 20 steps in 3 s.",
      "3 warnings in this run:",
      "  - 2 rows were cut; raise max_length.",
      "  - 2 times, last: the gradient norm of step 19 is 9",
    ]);
  });
});

it("sums warnings up by their kind, whatever they say", () => {
  let text = "";
  const onEvent = lineDisplay((part) => (text += part));
  for (const step of [2, 4]) {
    onEvent({ type: "warning", kind: "checkpoint_failed", message: `checkpoint-${step} was not saved.` });
  }
  onEvent({ type: "warning", kind: "lines_kept", message: "metrics.jsonl cannot be written." });
  onEvent({ type: "end", status: "completed", outputDir: "out", summary: [] });
  expect(text.split("\n").slice(3)).toEqual([
    "3 warnings in this run:",
    "  - 2 times, last: checkpoint-4 was not saved.",
    "  - metrics.jsonl cannot be written.",
    "",
  ]);
});

it("counts one row and one step as one", () => {
  let text = "";
  lineDisplay((part) => (text += part))({
    ...start,
    totalSteps: 1,
    rows: 1,
    memory: null,
    notes: [],
    warnings: [],
  });
  expect(text).toMatch(/^data {7}1 row, 12k tokens$/m);
  expect(text).toMatch(/^plan {7}1 step$/m);
});

describe("while rows are encoded", () => {
  const encode = (bytes: number): TrainEvent => ({
    type: "encode",
    name: "rows.csv",
    bytes,
    totalBytes: 2 ** 25,
  });

  it("a log has a line now and then", () => {
    let text = "";
    let time = 0;
    const onEvent = lineDisplay(
      (part) => (text += part),
      () => time,
    );
    for (time = 0; time < 25_000; time += 1000) onEvent(encode(time * 1000));
    expect(text).toBe("encoding rows.csv: 10 of 32 MiB\nencoding rows.csv: 20 of 32 MiB\n");
  });

  it("a terminal has a bar, which goes when training starts", () => {
    let text = "";
    const onEvent = liveDisplay({ columns: 80, write: (part: string) => (text += part) }, style);
    onEvent(encode(2 ** 24));
    expect(text).toMatch(/^\rencoding rows\.csv {2}50% \[=+ +\] 16\/32 {2}MiB .*left/);
    onEvent(events[0]!);
    expect(text).toContain("\r\u001b[Kmodel  ");
  });
});

it("says what the end of a run waits for", () => {
  let text = "";
  lineDisplay((part) => (text += part))({ type: "wait", loggers: ["mlflow", "trackio"], seconds: 15 });
  expect(text).toBe("waiting for mlflow, trackio, 15 s at most\n");
});

describe("jsonDisplay", () => {
  it("writes one JSON line per event", () => {
    expect(show(jsonDisplay).map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(events)));
  });
});

describe("liveDisplay", () => {
  function live(columns: number, changes: Partial<typeof style> = {}, isInterrupted = () => false) {
    const screen = new Screen(columns);
    let time = 0;
    const onEvent = liveDisplay(
      screen,
      { ...style, ...changes },
      { now: () => (time += 1000), isInterrupted },
    );
    return { screen, onEvent };
  }

  it("keeps curve, bar and numbers below what is said, and takes them away at the end", () => {
    const { screen, onEvent } = live(80);
    for (const event of events.slice(0, 3)) onEvent(event);
    onEvent({ type: "step", step: 12, totalSteps: 20, metrics: { ...metrics, loss: 0.5, nll: 1 } });
    expect(screen.lines.slice(-4)).toEqual([
      "warning: 2 rows were cut; raise max_length.",
      "nll 2.0000 █▁ 1.0000",
      expect.stringMatching(/^ 60% \[=+ +\] 12\/20 {2}0:16 left$/),
      "loss 0.5000  lr 1.9e-5  12.3k tok/s  1.5 GiB of 2.0 GiB planned",
    ]);
    onEvent(spike(12));
    expect(screen.lines.slice(-2)).toEqual(["warning: the gradient norm of step 12 is 9.", ""]);
    onEvent({ type: "step", step: 13, totalSteps: 20, metrics: null });
    expect(screen.lines.at(-1)).toContain("loss 0.5000");
    for (const event of events.slice(-1)) onEvent(event);
    expect(screen.lines.join("\n")).not.toContain("13/20");
    expect(screen.lines.at(-2)).toContain("the gradient norm of step 12 is 9");
  });

  it("leaves the notice of a signal where it is, and draws behind it", () => {
    let isInterrupted = false;
    const { screen, onEvent } = live(80, {}, () => isInterrupted);
    onEvent({ type: "step", step: 11, totalSteps: 20, metrics });
    onEvent({ type: "step", step: 12, totalSteps: 20, metrics });
    isInterrupted = true;
    screen.write("^C\nStopping after this step to save the model.\n");
    onEvent({ type: "step", step: 13, totalSteps: 20, metrics: null });
    onEvent({ type: "step", step: 14, totalSteps: 20, metrics: null });
    expect(screen.lines.filter((line) => /Stopping|\/20/.test(line))).toEqual([
      expect.stringMatching(/ 12\/20/),
      "Stopping after this step to save the model.",
      expect.stringMatching(/ 14\/20/),
    ]);
  });

  it("fits narrow terminals, also where they are resized", () => {
    const { screen, onEvent } = live(40);
    onEvent(events[0]!);
    for (let step = 1; step <= 20; step++) {
      onEvent({ type: "step", step, totalSteps: 20, metrics: { ...metrics, nll: step } });
      expect(screen.lines.slice(-3).every((line) => [...line].length < screen.columns)).toBe(true);
      expect(screen.lines.filter((line) => line.includes("/20"))).toHaveLength(1);
      screen.columns = [40, 25, 80, 30][step % 4]!;
    }
  });

  it("draws without what is not ASCII where the locale has only that, and colours warnings where it may", () => {
    let text = "";
    const stream = { columns: 80, write: (part: string) => (text += part) };
    const onEvent = liveDisplay(stream, { isUnicode: false, hasColor: true }, { now: () => 0 });
    for (const event of events) onEvent(event);
    expect(text).toContain("\u001b[33mwarning:\u001b[39m 2 rows");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
    expect(text).toMatch(/^[\x00-\x7f]*$/);
  });

  it("breaks sentences at the width of the terminal", () => {
    const { screen, onEvent } = live(40);
    onEvent({ type: "end", status: "completed", outputDir: "out", summary: ["word ".repeat(20).trimEnd()] });
    expect(screen.lines.map(({ length }) => length)).toEqual([39, 39, 19, 0]);
  });

  it("draws ten times a second at most", () => {
    let drawings = 0;
    let time = 0;
    const stream = { columns: 80, write: () => drawings++ };
    const onEvent = liveDisplay(stream, style, { now: () => time });
    for (let step = 1; step < 1000; step++) {
      time += 1;
      onEvent({ type: "step", step, totalSteps: 1000, metrics: null });
    }
    expect(drawings).toBeLessThanOrEqual(11);
  });
});
