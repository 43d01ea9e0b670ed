/** @file A run that cannot get its memory says what to change, and loses nothing. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { train } from "../../src/training/train.js";
import {
  checkpointsIn,
  type FaultProgram,
  injectEach,
  makeFaultProgram,
  weightsOf,
} from "./fault-program.js";

const RUN = { maxSteps: 5, saveStrategy: "steps", saveSteps: 2 } as const;
const FAULTS = 24;

let program: FaultProgram;
let library = "";
beforeAll(async () => {
  program = await makeFaultProgram();
  library = program.library("memory-faults");
});
afterAll(() => program.dispose());

it("without memory in the middle of a step, the message says what to change and by how much, the state of the last sound step is saved, and training goes on from it to the same weights bit for bit", async (context) => {
  const { work } = program;
  const start = (outputDir: string, more: Record<string, string>) =>
    program.start(
      { ...RUN, outputDir },
      { LD_PRELOAD: library, FAULT_AFTER: `${outputDir}/checkpoint-2`, ...more },
    ).outcome;
  const straight = work.path("straight");
  const log = work.path("allocations");
  expect(await start(straight, { FAULT_LOG: log })).toMatchObject({ status: 0 });
  const allocations = Number(readFileSync(log, "utf8"));
  expect(allocations).toBeGreaterThan(200);
  const spread = Array.from({ length: FAULTS }, (_, i) => 1 + Math.floor((0.8 * allocations * i) / FAULTS));
  let failed = 0;
  await injectEach(context, spread, async (at) => {
    const outputDir = work.path(`out-${at}`);
    const { status, signal, output } = await start(outputDir, { FAULT_AT: String(at) });
    expect(signal, output).toBeNull();
    // A save that cannot have its memory is passed over.
    if (status === 0) expect(output).toMatch(/warning: checkpoint-\d was not saved/);
    else {
      failed++;
      expect(status, output).toBe(1);
      const text = output.replaceAll(/\s+/g, " ");
      expect(text).toMatch(/step \d could not get the memory it needs \(.*allocate memory/);
      expect(text).toMatch(/the run takes [\d.]+ MiB at its peak, in (the head|the backward pass)/);
      expect(text).toMatch(
        /Less is needed with --\S+ \S+ \(-[\d.]+ MiB\).* a lower --max_length\. A run begun anew needs less with .*--use_peft true\. otr plan/,
      );
      expect(checkpointsIn(outputDir)).toMatchObject({ damaged: [] });
      expect(checkpointsIn(outputDir).sound.length).toBeGreaterThan(0);
      await train(work.input({ ...RUN, outputDir, resumeFromCheckpoint: true }));
    }
    expect(weightsOf(outputDir).equals(weightsOf(straight)), `allocation ${at}`).toBe(true);
    rmSync(outputDir, { recursive: true });
  });
  expect(failed).toBeGreaterThan(FAULTS / 2);
  expect(existsSync(log)).toBe(true);
});

/** A run of which an allocation fails once a path is there, and what it has printed, in one line. */
async function runWithout(input: Partial<TrainInput>, after: string, at: number) {
  const outputDir = input.outputDir!;
  const faults = { LD_PRELOAD: library, FAULT_AFTER: `${outputDir}/${after}`, FAULT_AT: String(at) };
  const { status, signal, output } = await program.start(input, faults).outcome;
  expect([status, signal], output).toEqual([1, null]);
  return output.replaceAll(/\s+/g, " ");
}

it("without memory in an evaluation, the message names the evaluation, its batch and how much a smaller one saves", (context) =>
  injectEach(context, [1, 10, 40, 100], async (at) => {
    const { work } = program;
    const outputDir = work.path(`evaluation-${at}`);
    const evaluating = { evalDataset: work.path("rows.jsonl"), evalStrategy: "steps", evalSteps: 2 } as const;
    const input = { ...RUN, ...evaluating, evalOnStart: true, perDeviceEvalBatchSize: 12, outputDir };
    // The evaluation at the start is the first that allocates once the file is there.
    const text = await runWithout(input, "metrics.jsonl", at);
    expect(text).toMatch(/the evaluation after step 0 could not get the memory it needs \(.*allocate memory/);
    expect(text).toMatch(/at its peak, in evaluation: .* of hidden states and logits/);
    expect(text).toMatch(/Less is needed with --per_device_eval_batch_size 1 \(-[\d.]+ [KM]iB\)/);
  }));

it("without memory when the finished model is saved, the message says so, and training goes on from the last checkpoint to the same weights", (context) =>
  injectEach(context, [1, 3, 5], async (at) => {
    const { work } = program;
    const outputDir = work.path(`save-${at}`);
    const text = await runWithout({ ...RUN, outputDir }, ".model.partial", at);
    expect(text).toMatch(/saving after step 5 could not get the memory it needs \(.*allocate memory/);
    expect(text).toMatch(
      /at its peak, in a save: [\d.]+ [KM]iB of weights, [\d.]+ [KM]iB of the optimizer\. /,
    );
    expect(text).toMatch(
      /A run begun anew needs less with --optim \S+ \(-[\d.]+ [KM]iB\).*--use_peft true\. otr plan/,
    );
    expect(checkpointsIn(outputDir)).toMatchObject({ damaged: [] });
    await train(work.input({ ...RUN, outputDir, resumeFromCheckpoint: true }));
    expect(weightsOf(outputDir).equals(weightsOf(work.path("straight")))).toBe(true);
  }));
