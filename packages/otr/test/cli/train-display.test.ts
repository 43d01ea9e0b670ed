import { describe, expect, it } from "vitest";
import { barDisplay, jsonDisplay, lineDisplay } from "../../src/cli/train-display.js";
import type { StepMetrics, TrainEvent } from "../../src/training/events.js";

const metrics = { step: 10, loss: 1.23456, learning_rate: 1.9e-5, tokens_per_second: 12_345 } as StepMetrics;
const events: TrainEvent[] = [
  {
    type: "start",
    totalSteps: 20,
    rows: 300,
    modelType: "llama",
    parameters: 812_160,
    usesChatTemplate: false,
    notes: ["2 rows were cut."],
  },
  { type: "step", step: 9, totalSteps: 20, metrics: null },
  { type: "step", step: 10, totalSteps: 20, metrics },
  {
    type: "evaluate",
    step: 10,
    metrics: { eval_loss: 0.5, eval_objective_loss: 0.1, eval_mean_token_accuracy: 0.000_012_345_6 },
  },
  { type: "step", step: 11, totalSteps: 20, metrics: null },
  { type: "end", status: "completed", outputDir: "out", summary: ["Trained 20 steps in 3 s."] },
];

function show(display: typeof lineDisplay | typeof jsonDisplay): string[] {
  let text = "";
  const onEvent = display((part) => {
    text += part;
  });
  for (const event of events) onEvent(event);
  return text.trimEnd().split("\n");
}

describe("lineDisplay", () => {
  it("writes one plain line per logged step and evaluation", () => {
    expect(show(lineDisplay)).toEqual([
      "Training llama, 812k parameters, 300 rows, 20 steps.",
      "2 rows were cut.",
      "step 10/20  loss 1.2346  lr 1.9e-5  12.3k tok/s",
      "evaluated at step 10  eval_loss 0.5  eval_mean_token_accuracy 1.235e-5",
      "Trained 20 steps in 3 s.",
    ]);
  });
});

it("counts one row and one step as one", () => {
  let text = "";
  const start = { modelType: "llama", parameters: 5, usesChatTemplate: false, notes: [] };
  lineDisplay((part) => (text += part))({ type: "start", totalSteps: 1, rows: 1, ...start });
  expect(text).toBe("Training llama, 5 parameters, 1 row, 1 step.\n");
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
    const onEvent = barDisplay({ columns: 80, write: (part: string) => (text += part) });
    onEvent(encode(2 ** 24));
    expect(text).toMatch(/^\rencoding rows\.csv {2}50% \[=+ +\] 16\/32 {2}MiB .*left/);
    onEvent(events[0]!);
    expect(text).toContain("\r\u001b[KTraining llama");
  });
});

describe("jsonDisplay", () => {
  it("writes one JSON line per event", () => {
    expect(show(jsonDisplay).map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(events)));
  });
});

describe("barDisplay", () => {
  it("draws a bar and takes it away before other lines", () => {
    let text = "";
    const onEvent = barDisplay({ columns: 80, write: (part) => (text += part) });
    for (const event of events) onEvent(event);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are steered with control characters
    const screen = text.split("\n").map((line) => line.split(/\r|\x1b\[K/).filter((part) => part !== ""));
    expect(screen[2]).toContainEqual(expect.stringMatching(/^ 45% \[=+ +\] 9\/20/));
    expect(screen[2]?.at(-1)).toBe("evaluated at step 10  eval_loss 0.5  eval_mean_token_accuracy 1.235e-5");
    expect(screen.at(-2)?.at(-1)).toBe("Trained 20 steps in 3 s.");
  });

  it("breaks sentences at the width of the terminal", () => {
    let text = "";
    const onEvent = barDisplay({ columns: 40, write: (part) => (text += part) });
    onEvent({ type: "end", status: "completed", outputDir: "out", summary: ["word ".repeat(20).trimEnd()] });
    expect(text.split("\n").map(({ length }) => length)).toEqual([39, 39, 19, 0]);
  });

  it("keeps the last loss beside the bar between logged steps", () => {
    const drawn: string[] = [];
    const onEvent = barDisplay({ columns: 80, write: (part) => drawn.push(part) });
    for (const event of events.slice(0, 5)) onEvent(event);
    expect(drawn.at(-1)).toMatch(/11\/20 {2}loss 1\.2346/);
  });
});
