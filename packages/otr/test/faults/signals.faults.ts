/** @file Signals, closed terminals and a second run: what was learned is kept, and training goes on to the same weights. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { readTrainerState } from "../../src/training/checkpoints/trainer-state.js";
import { train } from "../../src/training/train.js";
import { countFaults } from "./count-faults.js";
import {
  checkpointsIn,
  type FaultProgram,
  injectEach,
  makeFaultProgram,
  PROGRAM,
  trainArguments,
  weightsOf,
} from "./fault-program.js";

const STEPS = 50;
const SIGNALS = ["SIGTERM", "SIGINT"] as const;
const RUN = { maxSteps: STEPS, saveStrategy: "steps", saveSteps: 20, loggingSteps: 1 } as const;

let program: FaultProgram;
/** Evaluations that take long enough to be met. */
let evaluating: Partial<TrainInput>;
let straight: Buffer;
beforeAll(async () => {
  program = await makeFaultProgram();
  const { work } = program;
  const rows = Array.from({ length: 300 }, (_, at) => ({
    prompt: `say ${at}: `,
    completion: "yes ".repeat(10),
  }));
  writeFileSync(work.path("eval.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  evaluating = { ...RUN, evalDataset: work.path("eval.jsonl"), evalStrategy: "steps", evalSteps: 10 };
  await train(work.input({ ...RUN, outputDir: work.path("straight") }));
  straight = weightsOf(work.path("straight"));
});
afterAll(() => program.dispose());

/** What a stopped run must leave, and that it goes on to the weights of one that was never stopped. */
async function expectStopped(outputDir: string, input: Partial<TrainInput> = RUN): Promise<void> {
  const { sound, damaged } = checkpointsIn(outputDir);
  expect(damaged).toEqual([]);
  expect(sound.length).toBeGreaterThan(0);
  expect(program.work.readJson(`${outputDir.split("/").at(-1)}/run.json`)).toMatchObject({
    status: "interrupted",
  });
  await train(program.work.input({ ...input, outputDir, resumeFromCheckpoint: true }));
  expect(weightsOf(outputDir).equals(straight)).toBe(true);
  rmSync(outputDir, { recursive: true });
}

/** Waits for what another process does. */
async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1500; i++) {
    if (condition()) return;
    await pause(10);
  }
  throw new Error(`${what} did not come`);
}

it("SIGTERM or SIGINT in a step: the step is finished, its state saved, the exit status 130", (context) =>
  injectEach(
    context,
    [3, 19, 32].flatMap((step) => SIGNALS.map((signal) => ({ step, signal }))),
    async ({ step, signal }) => {
      const outputDir = program.work.path(`step-${step}-${signal}`);
      const run = program.start({ ...RUN, outputDir });
      await run.printed(new RegExp(`step ${step}/${STEPS}`));
      run.child.kill(signal);
      const { status, output } = await run.outcome;
      expect(status, output).toBe(130);
      expect(output).toContain("Stopping after this step to save the model");
      const [, stopped] = /Interrupted after (\d+) steps/.exec(output) ?? [];
      expect(checkpointsIn(outputDir).sound).toContain(Number(stopped));
      await expectStopped(outputDir);
    },
  ));

it("SIGTERM or SIGINT in an evaluation: it is left, and made when training goes on", (context) =>
  injectEach(context, SIGNALS, async (signal) => {
    const outputDir = program.work.path(`evaluation-${signal}`);
    const run = program.start({ ...evaluating, outputDir });
    await run.printed(new RegExp(`step 20/${STEPS}`));
    run.child.kill(signal);
    expect(await run.outcome).toMatchObject({ status: 130 });
    expect(readTrainerState(join(outputDir, "checkpoint-20"))).toMatchObject({ evaluation_pending: true });
    await expectStopped(outputDir, evaluating);
  }));

/** Starts a run whose second save takes 2 seconds, and waits until that is under way. */
async function runInSave(outputDir: string) {
  const log = `${outputDir}.operations`;
  const at = "fsync .checkpoint-40.partial/model.safetensors 1";
  mkdirSync(outputDir);
  const faults = { FAULT_ROOT: outputDir, FAULT_LOG: log, FAULT_AT: at, FAULT_ACTION: "stall" };
  const run = program.start({ ...RUN, outputDir }, { LD_PRELOAD: program.fileFaults, ...faults });
  await until(() => existsSync(log) && readFileSync(log, "utf8").includes(at.slice(0, -2)), "the save");
  return run;
}

it("SIGTERM or SIGINT while a checkpoint is saved: that one is finished, and the last step's is saved", (context) =>
  injectEach(context, SIGNALS, async (signal) => {
    const outputDir = program.work.path(`save-${signal}`);
    const run = await runInSave(outputDir);
    run.child.kill(signal);
    const { status, output } = await run.outcome;
    // The last steps may be done by then.
    expect([0, 130], output).toContain(status);
    expect(checkpointsIn(outputDir)).toMatchObject({ damaged: [] });
    expect(checkpointsIn(outputDir).sound).toContain(40);
    if (status === 130) await expectStopped(outputDir);
    else expect(weightsOf(outputDir).equals(straight)).toBe(true);
  }));

it("a second signal leaves at once, in the middle of a save too: the checkpoint from before is sound, and training goes on from it", (context) =>
  injectEach(context, SIGNALS, async (signal) => {
    const outputDir = program.work.path(`second-${signal}`);
    const run = await runInSave(outputDir);
    run.child.kill(signal);
    await pause(400);
    run.child.kill(signal);
    const { status, output } = await run.outcome;
    expect(status, output).toBe(130);
    expect(output).toContain("second signal: leaving at once");
    expect(checkpointsIn(outputDir)).toEqual({ sound: [20], damaged: [] });
    await train(program.work.input({ ...RUN, outputDir, resumeFromCheckpoint: true }));
    expect(weightsOf(outputDir).equals(straight)).toBe(true);
  }));

it("SIGTERM or SIGINT at any moment from the start of the program on: no damage, and training goes on, or begins, to the same weights", (context) =>
  injectEach(
    context,
    Array.from({ length: 16 }, (_, i) => i),
    async (index) => {
      const outputDir = program.work.path(`moment-${index}`);
      const signal = SIGNALS[index % 2]!;
      const run = program.start({ ...evaluating, outputDir });
      await pause(50 + 130 * index);
      run.child.kill(signal);
      const { status, signal: ending, output } = await run.outcome;
      expect([0, 130, signal], output).toContain(status ?? ending);
      expect(checkpointsIn(outputDir).damaged).toEqual([]);
      if (status !== 0)
        await train(program.work.input({ ...evaluating, outputDir, resumeFromCheckpoint: "auto" }));
      expect(weightsOf(outputDir).equals(straight)).toBe(true);
      rmSync(outputDir, { recursive: true });
    },
  ));

it("SIGSTOP and SIGCONT: training goes on where it stood", (context) =>
  injectEach(context, [5, 25], async (step) => {
    const outputDir = program.work.path(`stopped-${step}`);
    const run = program.start({ ...RUN, outputDir });
    await run.printed(new RegExp(`step ${step}/${STEPS}`));
    run.child.kill("SIGSTOP");
    const state = () => readFileSync(`/proc/${run.child.pid}/stat`, "utf8").split(") ")[1]![0];
    await until(() => state() === "T", "the stop");
    await pause(300);
    run.child.kill("SIGCONT");
    expect(await run.outcome).toMatchObject({ status: 0 });
    expect(weightsOf(outputDir).equals(straight)).toBe(true);
  }));

const hasScript = spawnSync("script", ["--version"]).status === 0;

it.skipIf(!hasScript)(
  "the terminal closes: the step is finished, its state saved, the exit status 130",
  async ({ task }) => {
    const { work } = program;
    const outputDir = work.path("terminal");
    const status = work.path("terminal-status");
    const arguments_ = [PROGRAM, ...trainArguments(work.input({ ...RUN, maxSteps: 2000, outputDir }))];
    const command = [process.execPath, ...arguments_].map((word) => `'${word}'`).join(" ");
    const terminal = spawn(
      "script",
      ["-qec", `(trap "" HUP; ${command}; echo $? >${status}); true`, "/dev/null"],
      {
        stdio: "ignore",
        env: { ...process.env, XDG_CACHE_HOME: work.path("cache") },
      },
    );
    await until(() => existsSync(join(outputDir, "checkpoint-20")), "the first checkpoint");
    terminal.kill("SIGKILL");
    await until(() => existsSync(status) && readFileSync(status, "utf8").endsWith("\n"), "the end");
    countFaults(task, 1);
    expect(readFileSync(status, "utf8")).toBe("130\n");
    expect(work.readJson("terminal/run.json")).toMatchObject({ status: "interrupted" });
    expect(checkpointsIn(outputDir).damaged).toEqual([]);
  },
);

it("a run without a terminal outlives the one it was started from (SIGHUP under nohup)", (context) =>
  injectEach(context, [1], async () => {
    const outputDir = program.work.path("nohup");
    const run = program.start({ ...RUN, outputDir });
    await run.printed(new RegExp(`step 3/${STEPS}`));
    run.child.kill("SIGHUP");
    expect(await run.outcome).toMatchObject({ status: 0 });
    expect(weightsOf(outputDir).equals(straight)).toBe(true);
  }));

it("a second run into the same folder is refused while the first lives, and goes on once that was killed", (context) =>
  injectEach(context, [1], async () => {
    const outputDir = program.work.path("shared");
    const first = program.start({ ...RUN, outputDir });
    await first.printed(/saved .*checkpoint-20/);
    first.child.kill("SIGSTOP");
    const second = await program.start({ ...RUN, outputDir, resumeFromCheckpoint: true }).outcome;
    expect(second.status).toBe(1);
    expect(second.output.replaceAll(/\s+/g, " ")).toContain(`another run (process ${first.child.pid} on `);
    first.child.kill("SIGKILL");
    await first.outcome;
    const third = await program.start({ ...RUN, outputDir, resumeFromCheckpoint: true }).outcome;
    expect(third.status, third.output).toBe(0);
    expect(weightsOf(outputDir).equals(straight)).toBe(true);
  }));
