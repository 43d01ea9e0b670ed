import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFile } from "@one-token/torch";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";
import { makeRunFolder, measure } from "../training/loggers/run-folder.js";
import { captureOutput, printed } from "./capture-output.js";

beforeEach(() => {
  vi.stubEnv("TRACKIO_DIR", mkdtempSync(join(tmpdir(), "otr-trackio-")));
  captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it("hands a run over, and later only what came since", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 4);
  expect(await main(["report", folder, "--report_to", "tensorboard"])).toBe(0);
  expect(printed.stderr).toBe(`tensorboard has the whole run: tensorboard --logdir ${folder}/runs\n`);
  const runs = join(folder, "runs");
  const [name = "", ...others] = readdirSync(runs);
  expect(others).toEqual([]);
  measure(folder, 5, 6);
  expect(await main(["report", folder, "--report_to", "tensorboard", "--json"])).toBe(0);
  expect(JSON.parse(printed.stdout)).toEqual([{ name: "tensorboard", missing: 0, reason: null }]);
  expect(readdirSync(join(runs, name))).toHaveLength(2);
});

it("writes event files again that were removed, and says so", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 4);
  await main(["report", folder, "--report_to", "tensorboard"]);
  const runs = join(folder, "runs");
  rmSync(runs, { recursive: true });
  captureOutput();
  expect(await main(["report", folder, "--report_to", "tensorboard"])).toBe(0);
  expect(printed.stderr.replaceAll(/\s+/g, " ")).toMatch(
    /^note: .*\/runs\/.* was removed, so all lines of metrics\.jsonl are given to tensorboard again\. tensorboard has the whole run/,
  );
  const [name = ""] = readdirSync(runs);
  const [file = ""] = readdirSync(join(runs, name));
  expect(readFileSync(join(runs, name, file), "latin1").match(/train\/loss/g)).toHaveLength(4);
});

it("says which address the run's own MLflow needs", async () => {
  const folder = makeRunFolder({ report_to: ["mlflow"] });
  measure(folder, 1, 2);
  vi.stubEnv("MLFLOW_TRACKING_URI", "");
  expect(await main(["report", folder])).toBe(1);
  expect(printed.stderr).toMatch(
    /^mlflow lacks the last 2 lines of metrics\.jsonl \(it needs the address of a tracking server in the environment, such as MLFLOW_TRACKING_URI=/,
  );
});

it("takes loggers, name and project from the run where the options say nothing", async () => {
  const folder = makeRunFolder({ report_to: ["trackio"], run_name: "a name", project: "mine" });
  measure(folder, 1, 2);
  appendFileSync(join(folder, "metrics.jsonl"), '{"step": 3, "lo');
  expect(await main(["report", folder])).toBe(0);
  expect(printed.stderr).toContain("trackio has the whole run: trackio show --project mine\n");
  expect(printed.stderr).toContain("note: Line 3 of metrics.jsonl is not finished, and is left out.");
  const record = JSON.parse(readFileSync(join(folder, "loggers.json"), "utf8"));
  expect(record.loggers.trackio.delivered).toBe(2);
});

it("says what fails, with exit status 1", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 2);
  writeFileSync(join(folder, "runs"), "");
  expect(await main(["report", folder, "--report_to", "tensorboard"])).toBe(1);
  expect(printed.stderr).toContain("tensorboard lacks the last 2 lines of metrics.jsonl (ENOTDIR");
  rmSync(join(folder, "runs"));
  appendFileSync(join(folder, "metrics.jsonl"), "nonsense\n");
  expect(await main(["report", folder, "--report_to", "tensorboard"])).toBe(2);
  expect(printed.stderr).toContain("metrics.jsonl:3 is no JSON");
});

it("leaves a run alone that is going on", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 2);
  const lock = lockFile(join(folder, ".lock"));
  try {
    expect(await main(["report", folder, "--report_to", "trackio"])).toBe(1);
    expect(printed.stderr).toContain("is training into");
  } finally {
    lock.release();
  }
});

it("says what is wrong with the options, with exit status 2", async () => {
  const folder = makeRunFolder();
  for (const [args, text] of [
    [[folder], "reported to nobody"],
    [[folder, "--report_to", "trackoi"], "Did you mean trackio?"],
    [[join(folder, "runs")], "has no run.json"],
    [[], "is missing"],
  ] as const) {
    expect(await main(["report", ...args])).toBe(2);
    expect(printed.stderr).toContain(text);
  }
  writeFileSync(join(folder, "run.json"), "{");
  expect(await main(["report", folder, "--report_to", "trackio"])).toBe(2);
  expect(printed.stderr).toContain("is not as otr train writes it");
});
