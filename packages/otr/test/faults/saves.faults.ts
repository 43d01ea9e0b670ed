/** @file A run that is killed at any operation of a save has a sound checkpoint, and goes on as if nothing had been. */
import { cpSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
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

/** The second checkpoint takes the first one's place, and another step follows. */
const RUN = { maxSteps: 5, saveStrategy: "steps", saveSteps: 2, saveTotalLimit: 1 } as const;

let program: FaultProgram;
let operations: FileOperation[];
let straight: Buffer;

beforeAll(async () => {
  program = await makeFaultProgram();
  operations = await program.operations({ ...RUN, outputDir: program.work.path("straight") });
  straight = weightsOf(program.work.path("straight"));
});
afterAll(() => program.dispose());

/** From the first to the last operation that concerns a path. */
function span(pattern: RegExp, from = 0): FileOperation[] {
  const concerned = operations.map(({ path }, index) => pattern.test(path) && index >= from);
  return operations.slice(concerned.indexOf(true), concerned.lastIndexOf(true) + 1);
}

/** Kills a run and lets it go on; `inProcess` false: by the program, as a person would. */
async function killAndResume(
  operation: FileOperation,
  fault: FileFault,
  { outputDir, inProcess }: { outputDir: string; inProcess: boolean },
): Promise<void> {
  const killed = await program.runWithFault({ ...RUN, outputDir }, operation, fault);
  expect(killed.signal, `${operation.at}: ${killed.output}`).toBe("SIGKILL");
  const { sound, damaged } = checkpointsIn(outputDir);
  expect(sound.length, operation.at).toBeGreaterThan(0);
  expect(damaged, operation.at).toEqual([]);
  const input: Partial<TrainInput> = { ...RUN, outputDir, resumeFromCheckpoint: true };
  if (inProcess) await train(program.work.input(input));
  else expect(await program.start(input).outcome).toMatchObject({ status: 0 });
  expect(weightsOf(outputDir).equals(straight), operation.at).toBe(true);
  rmSync(outputDir, { recursive: true });
}

describe("kill -9", () => {
  const cases: [string, () => FileOperation[]][] = [
    [
      "at any file operation of saving a checkpoint and removing the one before: one of them is there, sound, and training goes on from it to the same weights bit for bit",
      () => span(/checkpoint-4|checkpoint-2\.removed/),
    ],
    [
      "at any file operation of saving the finished model and run.json: the last checkpoint is there, and going on from it gives the model",
      () =>
        span(
          /^\.model\.partial|^run\.json/,
          operations.findLastIndex(({ path }) => path.includes("checkpoint")),
        ),
    ],
  ];
  it.for(cases)("%s", async ([, operationsOf], context) => {
    const chosen = operationsOf();
    expect(chosen.length).toBeGreaterThan(20);
    const faults = chosen.flatMap((operation): [FileOperation, FileFault][] =>
      operation.name === "write"
        ? [
            [operation, "kill"],
            [operation, "tear"],
          ]
        : [[operation, "kill"]],
    );
    await injectEach(context, faults, ([operation, fault], index) =>
      killAndResume(operation, fault, {
        outputDir: program.work.path(`out-${index}`),
        inProcess: index % 10 !== 0,
      }),
    );
  });

  it("at any file operation by which a checkpoint takes the place of one of the same step: one of them is there when training goes on, to the same weights bit for bit", async (context) => {
    const { work } = program;
    const changes = {
      ...RUN,
      evalDataset: work.path("rows.jsonl"),
      evalStrategy: "steps",
      evalSteps: 2,
    } as const;
    // Stopped before the evaluation after step 2, and saved again behind it.
    let asked = 0;
    await train(work.input({ ...changes, outputDir: work.path("stopped") }), {
      shouldStop: () => ++asked === 3,
    });
    const resumed = (name: string) => {
      cpSync(work.path("stopped"), work.path(name), { recursive: true });
      return { ...changes, outputDir: work.path(name), resumeFromCheckpoint: true } as const;
    };
    const all = await program.operations(resumed("replaced"));
    const indexOf = (wanted: string) => all.findIndex(({ at }) => at === wanted);
    // The folder is asked for once before its files go.
    const replacing = all.slice(
      indexOf("rename checkpoint-2 1"),
      indexOf("rmdir .checkpoint-2.removed 2") + 1,
    );
    expect(replacing.length).toBeGreaterThan(5);
    await injectEach(context, replacing, async (operation, index) => {
      const input = resumed(`replacing-${index}`);
      const killed = await program.runWithFault(input, operation, "kill");
      expect(killed.signal, `${operation.at}: ${killed.output}`).toBe("SIGKILL");
      await train(work.input(input));
      expect(weightsOf(input.outputDir).equals(straight), operation.at).toBe(true);
      expect(checkpointsIn(input.outputDir).damaged, operation.at).toEqual([]);
      rmSync(input.outputDir, { recursive: true });
    });
  });
});
