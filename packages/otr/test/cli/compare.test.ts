import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { runCompare } from "../../src/cli/compare.js";
import { compareDisplay } from "../../src/cli/compare-display.js";
import { compare } from "../../src/experiments/compare.js";
import { makeComparisonWorkspace } from "../experiments/comparison-workspace.js";
import { sampleReport } from "../experiments/sample-report.js";
import { captureOutput, printed } from "./capture-output.js";

vi.mock("../../src/experiments/compare.js", () => ({ compare: vi.fn() }));

let workspace: Awaited<ReturnType<typeof makeComparisonWorkspace>>;
let file: string;
beforeAll(async () => {
  workspace = await makeComparisonWorkspace();
  file = workspace.path("comparison.json");
  const { learningRates, tokenRows, outputDir, ...rest } = workspace.input();
  const config = { ...rest, learning_rates: learningRates, token_rows: tokenRows, output_dir: outputDir };
  writeFileSync(file, JSON.stringify(config));
});
afterAll(() => workspace.dispose());
beforeEach(() => {
  captureOutput();
  vi.mocked(compare).mockReset();
});
afterEach(() => {
  vi.restoreAllMocks();
});

it("says the verdict and where the report is, and ends with 1 where a run failed", async () => {
  vi.mocked(compare).mockResolvedValue(sampleReport());
  expect(await runCompare([file, "--max_parallel", "2"])).toBe(1);
  expect(vi.mocked(compare).mock.calls[0]?.[0]).toMatchObject({ maxParallel: 2, seeds: [1, 2] });
  expect(printed.stdout).toBe("");
  expect(printed.stderr).toContain("1 of 1 comparisons show a difference.\n");
  expect(printed.stderr).toContain(`${join(workspace.folder, "comparison")}: report.html`);

  const sound = { ...sampleReport(), runs: sampleReport().runs.filter(({ failure }) => failure === null) };
  vi.mocked(compare).mockResolvedValue(sound);
  expect(await runCompare([file, "--json"])).toBe(0);
  expect(JSON.parse(printed.stdout)).toEqual(JSON.parse(JSON.stringify(sound)));
});

it("ends with 130 when it is interrupted, and takes its signals back", async () => {
  const before = process.listenerCount("SIGINT");
  vi.mocked(compare).mockImplementation(async (_, options) => {
    process.emit("SIGINT");
    options?.signal?.throwIfAborted();
    return sampleReport();
  });
  expect(await runCompare([file])).toBe(130);
  expect(printed.stderr).toContain("The same command goes on where it stopped.");
  expect(process.listenerCount("SIGINT")).toBe(before);
});

it("lets a mistake through, and prints help within 80 columns", async () => {
  vi.mocked(compare).mockRejectedValue(new Error("no memory"));
  await expect(runCompare([file])).rejects.toThrow("no memory");
  expect(await runCompare(["--help"])).toBe(0);
  expect(Math.max(...printed.stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(printed.stdout).toContain("--learning_rates LIST [required]");
});

it("shows parts, runs that end and runs that fail, a line each where there is no terminal", () => {
  let text = "";
  const display = compareDisplay({
    write: (more: string) => {
      text += more;
    },
  });
  display.show({ type: "stage", stage: "selection", runs: 3, finished: 1 });
  display.show({ type: "progress", run: "a", doing: "training", share: 0.5 });
  display.show({ type: "finished", run: "a", seconds: 2.04 });
  display.show({ type: "failed", run: "b", reason: "it broke" });
  display.show({ type: "note", message: "mind this" });
  expect(text.split("\n")).toEqual([
    "Choosing learning rates: 3 runs, 1 there already.",
    "  2 of 3  a  2.0 s",
    "  3 of 3  b failed: it broke",
    "note: mind this",
    "",
  ]);
});
