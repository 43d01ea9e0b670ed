import { afterEach, expect, it, vi } from "vitest";
import { listCheckpoints } from "../../src/training/checkpoints/find-checkpoints.js";
import type { TrainEvent } from "../../src/training/events.js";
import { train } from "../../src/training/train.js";
import { makeRunWorkspace } from "./run-workspace.js";

const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    writeSync(descriptor: number, bytes: Buffer) {
      if (disk.isFull) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      return fs.writeSync(descriptor, bytes);
    },
  };
});
afterEach(() => {
  disk.isFull = false;
});

it("no checkpoint is published whose lines the disk does not take; with room again all are there", async () => {
  const work = await makeRunWorkspace();
  const warnings: string[] = [];
  const onEvent = (event: TrainEvent) => {
    if (event.type === "warning") warnings.push(event.message);
    if (event.type === "step") disk.isFull = event.step === 1 || event.step === 2;
  };
  const saving = { saveStrategy: "steps", saveSteps: 2, loggingSteps: 1, maxSteps: 6 } as const;
  expect(await train(work.input(saving), { onEvent })).toMatchObject({ status: "completed" });
  expect(warnings).toEqual([
    expect.stringMatching(/^metrics\.jsonl cannot be written \(ENOSPC/),
    expect.stringMatching(
      /^checkpoint-2 was not saved: metrics\.jsonl in .* lacks lines that the disk does not take\./,
    ),
  ]);
  expect(work.readLines("out/metrics.jsonl").map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(listCheckpoints(work.path("out")).map(({ step }) => step)).toEqual([4, 6]);
  work.dispose();
});
