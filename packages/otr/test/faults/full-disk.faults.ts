/** @file A disk that is full, fails or cannot be written costs no checkpoint and no run that could go on. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { train } from "../../src/training/train.js";
import {
  checkpointsIn,
  type FaultProgram,
  type FileFault,
  type FileOperation,
  injectEach,
  makeFaultProgram,
  weightsOf,
} from "./fault-program.js";

const RUN = { maxSteps: 5, saveStrategy: "steps", saveSteps: 2, saveTotalLimit: 1, loggingSteps: 1 } as const;

/** Node says of a folder that it could not make that it is not there. */
const MESSAGES =
  /no space left|i\/o error|read-only file system|input\/output error|no such file or directory, mkdir/i;

let program: FaultProgram;
let operations: FileOperation[];
let straight: Buffer;
beforeAll(async () => {
  program = await makeFaultProgram();
  operations = await program.operations({ ...RUN, outputDir: program.work.path("straight") });
  straight = weightsOf(program.work.path("straight"));
});
afterAll(() => program.dispose());

/** From the moment on at which the first checkpoint is there. */
const behindFirstCheckpoint = () =>
  operations.slice(operations.findIndex(({ at }) => at === "rename .checkpoint-2.partial 1") + 1);

const everySecond = (all: readonly FileOperation[]) => all.filter((_, index) => index % 2 === 0);

/** What holds after a run whose disk failed at an operation, and once the disk is well again. */
async function failAndGoOn(operation: FileOperation, fault: FileFault, lasts: boolean, index: number) {
  const outputDir = program.work.path(`${fault}-${lasts}-${index}`);
  const { status, signal, output } = await program.runWithFault(
    { ...RUN, outputDir },
    operation,
    fault,
    lasts,
  );
  const about = `${fault} at ${operation.at}: ${output}`;
  expect(signal, about).toBeNull();
  expect(output).not.toContain("internal");
  expect(checkpointsIn(outputDir).damaged, about).toEqual([]);
  if (status !== 0) {
    expect(status, about).toBe(1);
    expect(output, about).toMatch(MESSAGES);
    expect(checkpointsIn(outputDir).sound.length, about).toBeGreaterThan(0);
    await train(program.work.input({ ...RUN, outputDir, resumeFromCheckpoint: true }));
  }
  expect(weightsOf(outputDir).equals(straight), about).toBe(true);
  rmSync(outputDir, { recursive: true });
}

it("a disk that is full from any file operation on: the checkpoint from before stays, the message says so, and with room again training goes on to the same weights", (context) =>
  injectEach(context, behindFirstCheckpoint(), (operation, index) =>
    failAndGoOn(operation, "ENOSPC", true, index),
  ));

it("a file operation that fails once (every second one of a save): a checkpoint that could not be saved is said, training goes on, and the weights are the same", (context) =>
  injectEach(context, everySecond(behindFirstCheckpoint()), (operation, index) =>
    failAndGoOn(operation, (["EIO", "ENOSPC", "EROFS"] as const)[index % 3]!, false, index),
  ));

it("writes that are cut short are gone on with: every file is whole", (context) =>
  injectEach(
    context,
    behindFirstCheckpoint().filter(({ name }) => name === "write"),
    async (operation, index) => {
      const outputDir = program.work.path(`short-${index}`);
      const { status, output } = await program.runWithFault({ ...RUN, outputDir }, operation, "short");
      expect(status, `${operation.at}: ${output}`).toBe(0);
      expect(checkpointsIn(outputDir)).toEqual({ sound: [4], damaged: [] });
      expect(weightsOf(outputDir).equals(straight)).toBe(true);
      rmSync(outputDir, { recursive: true });
    },
  ));

it("a read-only output folder is said in one sentence before the first step", (context) =>
  injectEach(
    context,
    operations
      .filter(({ path }) => /^(\.|\.lock|metrics\.jsonl|run\.json\.PID\.tmp)$/.test(path))
      .slice(0, 6),
    async (operation, index) => {
      const outputDir = program.work.path(`read-only-${index}`);
      const { status, output } = await program.runWithFault({ ...RUN, outputDir }, operation, "EROFS", true);
      expect(status, operation.at).toBe(1);
      expect(output.trim().split("\n"), operation.at).toHaveLength(1);
      expect(output).toMatch(/^otr: .*read-only file system/i);
    },
  ));

it("an output folder that is removed in the middle of a run: it is made again, and the model is saved", (context) =>
  injectEach(context, [10, 50], async (step) => {
    const outputDir = program.work.path(`removed-${step}`);
    const run = program.start({ ...RUN, maxSteps: 300, saveSteps: 100, outputDir });
    await run.printed(new RegExp(`step ${step}/300`));
    rmSync(outputDir, { recursive: true, force: true });
    const { status, output } = await run.outcome;
    expect(status, output).toBe(0);
    expect(output).toContain(`saved ${outputDir}/checkpoint-300`);
    expect(
      output.replaceAll(/\s+/g, " ").match(/was removed or moved while the run goes on/g),
    ).not.toBeNull();
    const steps = program.work.readLines(`removed-${step}/metrics.jsonl`).map((line) => line.step);
    expect(steps).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(program.work.readJson(`removed-${step}/run.json`)).toMatchObject({ status: "completed" });
    expect(weightsOf(outputDir).equals(weightsOf(`${outputDir}/checkpoint-300`))).toBe(true);
  }));
