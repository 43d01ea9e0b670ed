import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { liveTensorCount } from "@one-token/torch";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { generate } from "../../src/generation/generate.js";
import { loadModel } from "../../src/models/load-model.js";
import type { TrainEvent } from "../../src/training/events.js";
import * as samples from "../../src/training/evaluation-samples.js";
import * as traces from "../../src/training/token-traces.js";
import { type TrainOptions, train } from "../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "./run-workspace.js";

let workspace: RunWorkspace;
let evaluation = "";
beforeEach(async () => {
  workspace = await makeRunWorkspace();
  workspace.writeRows(
    "rows.jsonl",
    Array.from({ length: 8 }, (_, at) => ({ prompt: `${at}: `, completion: "yes" })),
  );
  evaluation = workspace.writeRows("eval.jsonl", [
    { prompt: "a ", completion: "yes" },
    { prompt: "b ", completion: "no" },
    { prompt: "c ", completion: "so" },
  ]);
});
afterEach(() => workspace.dispose());

/** Options of four steps of two rows. */
const input = (changes: Partial<TrainInput> = {}) =>
  workspace.input({ maxSteps: 4, gradientAccumulationSteps: 1, loggingSteps: 1, ...changes });

async function run(changes: Partial<TrainInput>, options: TrainOptions = {}) {
  const events: TrainEvent[] = [];
  const before = liveTensorCount();
  const result = await train(input(changes), {
    onEvent: (event) => events.push(event),
    ...options,
  });
  expect(liveTensorCount()).toBe(before);
  const lines = (name: string) =>
    existsSync(workspace.path("out", name)) ? workspace.readLines("out", name) : [];
  return { result, events, metrics: lines("metrics.jsonl"), lines };
}
const steps = (lines: { step: number }[]) => lines.map(({ step }) => step);
const evaluated = (lines: { step: number }[]) => steps(lines.filter((line) => "eval_loss" in line));

describe("when", () => {
  const base = () => ({
    evalDataset: evaluation,
    evalStrategy: "steps" as const,
    loggingSteps: 2,
    maxSteps: 5,
  });

  it("evaluates at a share of all steps, at the start, and at the end", async () => {
    const { metrics } = await run({ ...base(), evalSteps: 0.35, evalOnStart: true });
    expect(evaluated(metrics)).toEqual([0, 2, 4, 5]);
  });

  it("logs at a share of all steps and for the first", async () => {
    const { metrics } = await run({ loggingSteps: 0.5, loggingFirstStep: true, maxSteps: 5 });
    expect(steps(metrics)).toEqual([1, 3, 5]);
  });

  it("leaves the time of evaluations out of the steps'", async () => {
    const { metrics } = await run({ ...base(), evalSteps: 1, loggingSteps: 5 });
    const line = metrics.find((each) => "loss" in each);
    const spent = metrics.reduce((sum, each) => sum + (each.eval_runtime ?? 0), 0);
    expect(spent).toBeGreaterThan(0);
    expect(line.step_time * 5).toBeLessThan(line.time - metrics[0].time + 5);
  });
});

describe("several sets", () => {
  it("have their names in their metrics, in one line, and in run.json", async () => {
    const other = workspace.writeRows("other.jsonl", [{ prompt: "z", completion: "other" }]);
    const { metrics, events } = await run({
      evalDataset: { math: evaluation, code: { path: other }, both: [evaluation, other] },
      evalStrategy: "epoch",
    });
    const line = metrics.at(-1);
    expect(Object.keys(line)).toEqual(
      expect.arrayContaining([
        "eval_math_loss",
        "eval_code_loss",
        "eval_both_objective_loss",
        "eval_math_runtime",
      ]),
    );
    expect(line).not.toHaveProperty("eval_loss");
    const total = line.eval_math_num_supervised_tokens + line.eval_code_num_supervised_tokens;
    expect(line.eval_both_num_supervised_tokens).toBe(total);
    const sum =
      line.eval_math_loss * line.eval_math_num_supervised_tokens +
      line.eval_code_loss * line.eval_code_num_supervised_tokens;
    expect(line.eval_both_loss).toBeCloseTo(sum / total, 5);
    expect(events.filter(({ type }) => type === "evaluate")).toHaveLength(1);
    expect(workspace.readJson("out", "run.json").data.eval).toMatchObject({
      math: { rows: 3 },
      code: { rows: 1 },
      both: { rows: 4 },
    });
  });

  it.each([
    [{ path: "eval.jsonl", math: "eval.jsonl" }, /unknown math/],
    [{ "a b": "eval.jsonl" }, /needs a path/],
    [{}, /./],
    [{ math: 5 }, /found \{"math":5\}, but needs a path/],
    [{ split: "test" }, /needs/],
    [{ math: "missing.jsonl" }, /missing\.jsonl does not exist/],
  ])("%j is refused", async (evalDataset, message) => {
    const changes = { evalDataset, evalStrategy: "epoch" } as unknown as Partial<TrainInput>;
    await expect(run(changes)).rejects.toThrow(message);
  });
});

describe("samples.jsonl", () => {
  it("has what the model says at each evaluation, and the last is what the finished model says", async () => {
    const { lines } = await run({
      evalPrompts: ["0: ", "7: "],
      evalMaxNewTokens: 6,
      evalStrategy: "steps",
      evalSteps: 20,
      evalOnStart: true,
      maxSteps: 40,
      learningRate: 1e-2,
      lossType: "nll",
    });
    const written = lines("samples.jsonl");
    expect(steps(written)).toEqual([0, 0, 20, 20, 40, 40]);
    const model = await loadModel(workspace.path("out"));
    const tokenizer = await loadTokenizer(workspace.path("out"));
    const expected = await generate(model, tokenizer, ["0: ", "7: "], { temperature: 0, maxNewTokens: 6 });
    model.dispose();
    expect(written.slice(4)).toEqual(
      expected.map(({ prompt, text, finishReason }) => ({
        step: 40,
        prompt,
        text,
        finish_reason: finishReason,
      })),
    );
    expect(written[4].text).toContain("yes");
  });

  it("does not change what is learned, nor do traces", async () => {
    await run({ evalPrompts: ["0: "], evalStrategy: "steps", evalSteps: 1, evalDataset: evaluation });
    await run({ outputDir: workspace.path("plain") });
    expect(workspace.numbersOf("out")).toEqual(workspace.numbersOf("plain"));
  });

  it("of an evaluation that a killed run had begun to tell of are there once when it goes on", async () => {
    const changes: Partial<TrainInput> = { evalStrategy: "steps", evalSteps: 2, evalPrompts: ["0: "] };
    const more = { ...changes, evalDataset: evaluation, evalMaxNewTokens: 4 };
    let asked = 0;
    await run(more, { shouldStop: () => ++asked === 2 });
    appendFileSync(workspace.path("out", "metrics.jsonl"), '{"step":2,"eval_loss":1}\n');
    appendFileSync(workspace.path("out", "samples.jsonl"), '{"step":2,"prompt":"0: ","text":""}\n');
    const { metrics, lines } = await run({ ...more, resumeFromCheckpoint: true });
    expect(evaluated(metrics)).toEqual([2, 4]);
    expect(steps(lines("samples.jsonl"))).toEqual([2, 4]);
  });

  it("are not waited for where the run is to stop: the evaluation is made when it goes on", async () => {
    let asked = 0;
    const every: Partial<TrainInput> = { evalStrategy: "steps", evalSteps: 2 };
    const changes = { ...every, evalPrompts: ["0: "], evalMaxNewTokens: 200 };
    const { result } = await run(changes, { shouldStop: () => ++asked > 4 });
    expect(result).toMatchObject({ status: "interrupted", steps: 2 });
    expect(existsSync(workspace.path("out", "samples.jsonl"))).toBe(false);
    await run({ ...changes, resumeFromCheckpoint: true });
    expect(steps(workspace.readLines("out", "samples.jsonl"))).toEqual([2, 4]);
  });

  it("that fail do not end the run, which tells of it", async () => {
    const generation = vi.spyOn(samples, "evaluationSamples").mockRejectedValue(new Error("out of memory"));
    onTestFinished(() => generation.mockRestore());
    const { result, metrics } = await run({ evalPrompts: ["0: "], evalStrategy: "epoch" });
    expect(result.status).toBe("completed");
    expect(metrics.at(-1)).toMatchObject({ step: 4, alert: "samples_failed" });
    expect(metrics.at(-1).message).toMatch(/could not be continued after step 4: out of memory/);
  });

  it("of an earlier run do not stay", async () => {
    await run({ evalPrompts: ["0: "], evalStrategy: "epoch" });
    await run({ evalPrompts: ["0: "], evalStrategy: "epoch" });
    expect(steps(workspace.readLines("out", "samples.jsonl"))).toEqual([4]);
    await run({});
    expect(existsSync(workspace.path("out", "samples.jsonl"))).toBe(false);
  });

  it("a prompt file that is not there is a mistake of the options", async () => {
    const missing = run({ evalPrompts: [join(workspace.folder, "none.txt")], evalStrategy: "epoch" });
    await expect(missing).rejects.toThrow(/evalPrompts: .*none\.txt does not exist/);
    writeFileSync(workspace.path("prompts.txt"), "0: \n");
    const { lines } = await run({ evalPrompts: [workspace.path("prompts.txt")], evalStrategy: "epoch" });
    expect(lines("samples.jsonl")).toHaveLength(1);
  });
});

describe("tokens.jsonl", () => {
  it("has probability, reward and candidates of each supervised token of the first evaluation rows", async () => {
    const { lines } = await run({
      evalDataset: evaluation,
      evalStrategy: "epoch",
      otrNumSamples: 64,
      otrTemperature: 1,
    });
    const [first, second, ...others] = lines("tokens.jsonl");
    expect(others).toEqual([]);
    expect(first).toMatchObject({ step: 4, set: "eval", row: 0 });
    expect(second.row).toBe(1);
    expect(
      first.tokens.map(({ position, token }: { position: number; token: string }) => [position, token]),
    ).toEqual([
      [2, "y"],
      [3, "e"],
      [4, "s"],
      [5, "<|endoftext|>"],
    ]);
    for (const token of first.tokens) {
      expect(token.token_id).toBe(first.token_ids[token.position]);
      expect(token.reward).toBeCloseTo(-0.1 + 1.1 * token.hit_rate, 5);
      expect(token.samples).toHaveLength(8);
      const counts = token.samples.map(({ count }: { count: number }) => count);
      expect(counts).toEqual(counts.toSorted((a: number, b: number) => b - a));
      const hits = token.samples.find(({ token_id }: { token_id: number }) => token_id === token.token_id);
      if (hits) expect(token.hit_rate).toBeCloseTo(hits.count / 64, 6);
    }
  });

  it("agrees with the losses of the evaluation", async () => {
    const { lines, metrics } = await run({
      evalDataset: evaluation,
      evalStrategy: "epoch",
      tokenTraceRows: 3,
      otrBaseline: "value",
      bf16: true,
    });
    const tokens = lines("tokens.jsonl").flatMap(({ tokens: of }) => of);
    const mean = (of: (token: Record<string, number>) => number) =>
      tokens.reduce((sum, token) => sum + of(token), 0) / tokens.length;
    const line = metrics.at(-1);
    expect(mean(({ probability }) => -Math.log(probability!))).toBeCloseTo(line.eval_loss, 3);
    expect(mean(({ entropy }) => entropy!)).toBeCloseTo(line.eval_entropy, 3);
  });

  it("has neither rewards nor candidates with nll, and comes as often as it is asked for, of training rows", async () => {
    const { lines } = await run({ lossType: "nll", tokenTraceSteps: 2, tokenTraceRows: 1 });
    const traces = lines("tokens.jsonl");
    expect(traces.map(({ step, set, row }) => [step, set, row])).toEqual([
      [0, "train", 0],
      [2, "train", 0],
      [4, "train", 0],
    ]);
    expect(Object.keys(traces[0].tokens[0])).toEqual([
      "position",
      "token_id",
      "token",
      "probability",
      "entropy",
    ]);
  });

  it("has rewards in expectation with the exact estimator", async () => {
    const { lines } = await run({ otrEstimator: "exact", tokenTraceSteps: 4, tokenTraceRows: 1 });
    const [token] = lines("tokens.jsonl").at(-1).tokens;
    expect(token.reward).toBeCloseTo(-0.1 + 1.1 * token.hit_rate, 6);
    expect(token).not.toHaveProperty("samples");
  });

  it("that fails does not end the run, which tells of it", async () => {
    const tracing = vi.spyOn(traces, "traceTokens").mockRejectedValue(new Error("out of memory"));
    onTestFinished(() => tracing.mockRestore());
    const { result, metrics } = await run({ evalDataset: evaluation, evalStrategy: "epoch" });
    expect(result.status).toBe("completed");
    expect(metrics.at(-1)).toMatchObject({ step: 4, alert: "traces_failed" });
    expect(metrics.at(-1).message).toMatch(/no tokens could be traced after step 4: out of memory/);
  });

  it("is left out with token_trace_rows 0", async () => {
    await run({ evalDataset: evaluation, evalStrategy: "epoch", tokenTraceRows: 0 });
    expect(existsSync(workspace.path("out", "tokens.jsonl"))).toBe(false);
  });
});

it("samples and traces of a run that goes on are those of the straight one", async () => {
  const changes: Partial<TrainInput> = {
    evalDataset: evaluation,
    evalStrategy: "steps",
    evalSteps: 2,
    evalOnStart: true,
    evalPrompts: ["0: "],
    evalMaxNewTokens: 4,
    tokenTraceSteps: 1,
    maxSteps: 4,
  };
  await run(changes);
  const files = ["samples.jsonl", "tokens.jsonl"] as const;
  const straight = files.map((name) => workspace.readLines("out", name));
  for (const stopAfter of [1, 3, 4, 6, 9, 14]) {
    const outputDir = workspace.path(`stopped-${stopAfter}`);
    let asked = 0;
    const written = input({ ...changes, outputDir });
    // It is asked after each step, and before each batch of an evaluation.
    const first = await train(written, { shouldStop: () => ++asked === stopAfter });
    if (first.status === "interrupted") await train({ ...written, resumeFromCheckpoint: true });
    expect(files.map((name) => workspace.readLines(`stopped-${stopAfter}`, name))).toEqual(straight);
    expect(workspace.numbersOf(`stopped-${stopAfter}`)).toEqual(workspace.numbersOf("out"));
  }
});
