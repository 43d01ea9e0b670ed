import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runTrain } from "../../src/cli/train.js";
import { repeatRun } from "../../src/training/repeat-run.js";
import { captureOutput, printed } from "./capture-output.js";

vi.mock("../../src/training/repeat-run.js", () => ({ repeatRun: vi.fn() }));
vi.mock("@one-token/torch", () => ({ installSignalHandler: () => {}, pendingSignals: () => 0 }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-repeat-"));
  captureOutput();
  vi.mocked(repeatRun).mockReset();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function comesTo(differences: string[], status: "completed" | "interrupted" = "completed"): void {
  const result = { status, outputDir: "again", steps: 3, metrics: {} };
  const changes = { machineChanges: ["node was 20 and is 22"], adjustments: ["logging_steps was 1"] };
  vi.mocked(repeatRun).mockResolvedValue({ result, ...changes, differences });
}

it("ends with 0 where the same came out, and says so", async () => {
  comesTo([]);
  expect(await runTrain(["--repeat", folder])).toBe(0);
  expect(vi.mocked(repeatRun).mock.calls[0]?.slice(0, 2)).toEqual([folder, `${folder}-repeat`]);
  expect(printed.stderr).toMatch(
    /is the same as .*\nNot as it was: node was 20 and is 22\.\nChanged on its way: logging_steps was 1\.\n$/,
  );
});

it("ends with 1 where it did not, and says where", async () => {
  comesTo(["line 1 differs", "a tensor differs"]);
  expect(await runTrain([`--repeat=${folder}`, "--output_dir", "again", "--json"])).toBe(1);
  expect(vi.mocked(repeatRun).mock.calls[0]?.[1]).toBe("again");
  expect(printed.stderr).toMatch(
    /is not the same as .*\n.*\n.*\nDifferent: line 1 differs\.\nDifferent: a tensor differs\.\n$/,
  );
  expect(JSON.parse(printed.stdout)).toEqual({
    type: "repeat",
    identical: false,
    machine_changes: ["node was 20 and is 22"],
    adjustments: ["logging_steps was 1"],
    differences: ["line 1 differs", "a tensor differs"],
  });
});

it("ends with 130 where it was interrupted, and compares nothing", async () => {
  comesTo([], "interrupted");
  expect(await runTrain(["--repeat", folder])).toBe(130);
  expect(printed.stderr).toContain("nothing was compared");
});

it("refuses a folder that is none, its own, and other options", async () => {
  await expect(runTrain(["--repeat", join(folder, "none")])).rejects.toThrow(/is no folder/);
  await expect(runTrain(["--repeat", folder, "--output_dir", `${folder}/`])).rejects.toThrow(
    /would be overwritten/,
  );
  await expect(runTrain(["--repeat", folder, "--seed", "5"])).rejects.toThrow(
    /--seed: there is no such option/,
  );
  expect(repeatRun).not.toHaveBeenCalled();
});
