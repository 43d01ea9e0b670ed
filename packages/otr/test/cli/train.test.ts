import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { captureOutput, printed } from "./capture-output.js";
import { fakeCheckpoint } from "../training/checkpoints/fake-checkpoint.js";
import { RunError } from "../../src/errors.js";
import { runTrain } from "../../src/cli/train.js";
import type { TrainEvent } from "../../src/training/events.js";
import { train } from "../../src/training/train.js";

vi.mock("../../src/training/train.js", () => ({ train: vi.fn() }));
const signals = vi.hoisted(() => ({ installed: 0, pending: 0, notice: "" }));
vi.mock("@one-token/torch", () => ({
  installSignalHandler: (notice: string) => {
    signals.installed++;
    signals.notice = notice;
  },
  pendingSignals: () => signals.pending,
}));

let folder: string;
let args: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-train-"));
  for (const name of ["config.json", "tokenizer.json", "model.safetensors", "rows.jsonl", "run.yaml"]) {
    writeFileSync(join(folder, name), "{}");
  }
  const output = `${folder}-out put`;
  args = ["--model_name_or_path", folder, "--dataset", join(folder, "rows.jsonl"), "--output_dir", output];
  captureOutput();
  vi.mocked(train).mockReset();
  Object.assign(signals, { installed: 0, pending: 0 });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function trainingEnds(status: "completed" | "interrupted"): void {
  vi.mocked(train).mockImplementation(async (config, options) => {
    const { outputDir } = config;
    options?.onEvent?.({ type: "end", status, outputDir, summary: ["Took 1 s."] });
    return { status, outputDir, steps: 7, metrics: {} };
  });
}

/** What a run tells when it starts. */
const started: TrainEvent = {
  type: "start",
  totalSteps: 1,
  rows: 1,
  tokens: 1,
  model: "base",
  modelType: "llama",
  parameters: 1,
  objective: "nll",
  memory: null,
  usesChatTemplate: true,
  notes: [],
  warnings: [],
};

it("names the option that the model's prompts need", async () => {
  vi.mocked(train).mockImplementation(async (_, options) => {
    options?.onEvent?.(started);
    return { status: "completed", outputDir: "out", steps: 1, metrics: {} };
  });
  await runTrain(args);
  expect(printed.stderr).toContain('npx otr generate --model out --apply_chat_template true --prompt "..."');
});

it("hands over the checked options and says where the model is", async () => {
  trainingEnds("completed");
  expect(await runTrain([...args, "--seed", "5"])).toBe(0);
  expect(vi.mocked(train).mock.calls[0]?.[0]).toMatchObject({ seed: 5, learningRate: 2e-5 });
  expect(printed.stdout).toBe("");
  expect(printed.stderr).toBe(
    `Took 1 s.\nmodel        ${folder}-out put\n\nNext:\n  npx otr generate --model '${folder}-out put' --prompt "..."\n` +
      `  npx otr push '${folder}-out put' --hub_model_id ORG/NAME\n  npx otr train --repeat '${folder}-out put'\n`,
  );
});

it("ends with 130 when it was interrupted", async () => {
  trainingEnds("interrupted");
  expect(await runTrain(args)).toBe(130);
  expect(printed.stderr).toMatch(
    /Interrupted after 7 steps\..*\n\nNext:\n {2}npx otr train --model_name_or_path .* --resume_from_checkpoint true\n {2}npx otr checkpoints .*\n {2}npx otr generate --model /,
  );
});

it("shows how a run that failed goes on, where it has left a checkpoint", async () => {
  vi.mocked(train).mockImplementation(async ({ outputDir }, options) => {
    options?.onEvent?.({ type: "end", status: "failed", outputDir, summary: [] });
    throw new RunError("DISK_FULL", "the disk is full");
  });
  await expect(runTrain(args)).rejects.toThrow("the disk is full");
  const output = `${folder}-out put`;
  fakeCheckpoint(output, { step: 4 });
  writeFileSync(join(output, "run.json"), '{"run_id": "a-run", "status": "failed"}');
  expect(await runTrain(args)).toBe(1);
  expect(printed.stderr).toMatch(
    /otr: the disk is full\n\nNext:\n {2}npx otr train .* --resume_from_checkpoint true\n {2}npx otr checkpoints/,
  );
  rmSync(output, { recursive: true });
});

it("asks the training to stop after a signal, and catches signals from the loading of its weights on", async () => {
  vi.mocked(train).mockImplementation(async (_, options) => {
    expect(signals.installed).toBe(0);
    options?.onEvent?.({ type: "load" });
    expect(signals.notice).toMatch(/^\nInterrupted: leaving as soon as the weights are loaded; .*\n$/);
    options?.onEvent?.({ type: "loaded" });
    options?.onEvent?.(started);
    expect(signals.installed).toBe(2);
    expect(signals.notice).toMatch(/^\nStopping after this step .* second Ctrl-C .*\n$/);
    expect(options?.shouldStop?.()).toBe(false);
    signals.pending = 1;
    expect(options?.shouldStop?.()).toBe(true);
    return { status: "interrupted", outputDir: "out", steps: 1, metrics: {} };
  });
  expect(await runTrain(args)).toBe(130);
});

it("says in one line that a signal came before training began", async () => {
  // The test runner listens too.
  const others = process.listeners("SIGINT");
  const added = () => process.listeners("SIGINT").filter((listener) => !others.includes(listener));
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  vi.mocked(train).mockImplementation(async (_, options) => {
    const [listener, ...more] = added();
    expect(more).toEqual([]);
    listener!("SIGINT");
    expect(exit).toHaveBeenCalledWith(130);
    expect(printed.stderr).toBe("\nInterrupted before training began; there is nothing to save.\n");
    options?.onEvent?.({ type: "load" });
    expect(added()).toEqual([]);
    return { status: "completed", outputDir: "out", steps: 1, metrics: {} };
  });
  await runTrain(args);
  vi.mocked(train).mockRejectedValue(new Error("no rows"));
  await expect(runTrain(args)).rejects.toThrow("no rows");
  expect(added()).toEqual([]);
});

it("prints events for programs on standard output", async () => {
  trainingEnds("completed");
  await runTrain([...args, "--json"]);
  expect(JSON.parse(printed.stdout)).toMatchObject({ type: "end", status: "completed" });
});

it("says what a flag makes pointless", async () => {
  trainingEnds("completed");
  writeFileSync(join(folder, "run.yaml"), "otr_beta: 0\n");
  await runTrain([join(folder, "run.yaml"), ...args, "--loss_type", "nll"]);
  expect(printed.stderr).toMatch(/^note: .*run\.yaml:1 otr_beta has no effect with --loss_type "nll"\.\n/);
});

it("does not train when an option is wrong", async () => {
  await expect(runTrain([...args, "--seed", "x"])).rejects.toThrow(/--seed/);
  expect(train).not.toHaveBeenCalled();
});
