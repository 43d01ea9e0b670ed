import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runCheckpoints } from "../../src/cli/checkpoints.js";
import { temporaryFolder } from "../data/byte-tokenizer.js";
import { fakeCheckpoint } from "../training/checkpoints/fake-checkpoint.js";
import { captureOutput, printed } from "./capture-output.js";

let out: string;
beforeEach(() => {
  out = temporaryFolder();
  writeFileSync(join(out, "run.json"), '{"run_id": "a-run", "status": "running"}');
  const best = (step: number) => ({ metric: "eval_loss", value: 1 / step, step });
  fakeCheckpoint(out, { step: 2, best: best(2) });
  fakeCheckpoint(out, { step: 4, best: best(4), resumable: false });
  fakeCheckpoint(out, { step: 6, best: best(4) });
  fakeCheckpoint(out, { step: 8, run_id: "another", best: best(8) });
  captureOutput();
});
afterEach(() => void vi.restoreAllMocks());

it("lists what is there, and marks one best of the run", async () => {
  expect(await runCheckpoints([out])).toBe(0);
  expect(printed.stdout.split("\n").map((line) => line.replace(/ {2,}.*\d {2}/, ": "))).toEqual([
    "checkpoint-2: valid",
    "checkpoint-4: valid, model alone, best so far",
    "checkpoint-6: valid",
    "checkpoint-8: valid, of another run",
    "",
  ]);
});

it("says which is damaged, with exit status 1", async () => {
  writeFileSync(join(out, "checkpoint-6/trainer_state.json"), "{}");
  expect(await runCheckpoints([out, "--json"])).toBe(1);
  const rows = printed.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows.map(({ valid, best }) => [valid, best])).toEqual([
    [true, false],
    [true, true],
    [false, false],
    [true, false],
  ]);
  expect(rows[2].problem).toMatch(/^trainer_state\.json has 2 bytes/);
});

it("tells of one checkpoint alone where that is named", async () => {
  expect(await runCheckpoints([`${join(out, "checkpoint-4")}/`])).toBe(0);
  expect(printed.stdout).toMatch(/^checkpoint-4 .* {2}valid, model alone, best so far\n$/);
});
