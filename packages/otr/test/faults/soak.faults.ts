/** @file A long run holds no more at its end than at its beginning. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { liveTensorCount } from "@one-token/torch";
import { afterAll, beforeAll, expect, it } from "vitest";
import { train } from "../../src/training/train.js";
import { hasShared, shared } from "../shared.js";

const STEPS = 2000;
const SAVE_STEPS = 100;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-soak-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

setFlagsFromString("--expose-gc");
// JavaScript's garbage is collected when V8 sees fit, tens of megabytes late: it would hide a leak of as much.
const collectGarbage: () => void = runInNewContext("gc");

/** What the process holds. */
interface Held {
  /** Whether a checkpoint was being written, of which there are copies then. */
  readonly isSaving: boolean;
  readonly resident: number;
  readonly tensors: number;
  readonly descriptors: number;
}

/** The median of a number over some steps. */
function medianOf(held: readonly Held[], key: "tensors" | "descriptors", from: number, to: number): number {
  const sorted = held
    .slice(from, to)
    .map((at) => at[key])
    .sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

it.skipIf(!hasShared)(
  `${STEPS} steps of a real small model, with evaluations and checkpoints: memory is flat after the first 100 (5 % at most), live tensors are back after each step, open files too`,
  async () => {
    const rows = readFileSync(shared("data/tinystories.jsonl"), "utf8").split("\n").slice(0, 240);
    writeFileSync(join(folder, "train.jsonl"), `${rows.slice(0, 200).join("\n")}\n`);
    writeFileSync(join(folder, "valid.jsonl"), `${rows.slice(200).join("\n")}\n`);
    const held: Held[] = [];
    const before = liveTensorCount();
    let isSaving = false;
    const result = await train(
      {
        modelNameOrPath: shared("models/stories260k"),
        dataset: folder,
        outputDir: join(folder, "out"),
        maxSteps: STEPS,
        maxLength: 64,
        perDeviceTrainBatchSize: 2,
        gradientAccumulationSteps: 1,
        evalStrategy: "steps",
        evalSteps: 100,
        saveStrategy: "steps",
        saveSteps: SAVE_STEPS,
        saveTotalLimit: 2,
        loggingSteps: 50,
        bf16: false,
        device: "cpu",
        numThreads: 1,
      },
      {
        onEvent: (event) => {
          if (event.type === "checkpoint") isSaving = false;
          if (event.type !== "step") return;
          if (event.step % 10 === 0) collectGarbage();
          held.push({
            isSaving,
            resident: process.memoryUsage.rss(),
            tensors: liveTensorCount(),
            descriptors: readdirSync("/proc/self/fd").length,
          });
          // What is told next of this step is its save.
          isSaving ||= event.step % SAVE_STEPS === 0;
        },
      },
    );
    expect(result).toMatchObject({ status: "completed", steps: STEPS });
    expect(liveTensorCount()).toBe(before);
    expect(held).toHaveLength(STEPS);
    const undisturbed = held.filter((at) => !at.isSaving);
    expect(undisturbed.length).toBeGreaterThan(STEPS / 2);
    expect([...new Set(undisturbed.map(({ tensors }) => tensors))]).toHaveLength(1);
    // At its lowest: a checkpoint that is being written holds a copy.
    const lowest = (from: number, to: number) =>
      Math.min(...held.slice(from, to).map(({ resident }) => resident)) / 2 ** 20;
    const [early, late] = [lowest(100, 400), lowest(STEPS - 300, STEPS)];
    expect(late / early, `${early.toFixed(1)} MiB, then ${late.toFixed(1)} MiB`).toBeLessThan(1.05);
    // A checkpoint that is being written holds copies and a file or two.
    for (const key of ["tensors", "descriptors"] as const) {
      expect(medianOf(held, key, STEPS - 300, STEPS), key).toBeLessThanOrEqual(medianOf(held, key, 100, 400));
      expect(held.at(-50)![key], key).toBeLessThanOrEqual(held[150]![key]);
    }
  },
);
