import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openWandb } from "../../../src/training/loggers/wandb.js";
import { linesFrom, loggedRun, makeRunFolder, measure } from "./run-folder.js";

/** Stands for wandb's client: writes each call to a file, and fails or hangs where the environment says so. */
const STAND_IN = `
import json, os, time
print("chatter on standard output")

def note(*call):
    with open(os.environ["CALLS"], "a") as file:
        file.write(json.dumps(call) + "\\n")

class Settings:
    def __init__(self, **settings): pass

class Run:
    step, url, dir = int(os.environ.get("STEP", "0")), "https://wandb.example/run", "/d/files"
    def define_metric(self, *names, **more): pass
    def log(self, values, step):
        if os.environ.get("FAILS") == "log": raise ValueError("no more disk")
        if os.environ.get("FAILS") == "exit": os._exit(3)
        note("log", values, step)
    def finish(self, exit_code): note("finish", exit_code)

def init(**arguments):
    if os.environ.get("FAILS") == "init": raise RuntimeError("api_key not configured")
    arguments.pop("settings")
    note("init", arguments)
    return Run()
`;

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.warn("python3 is missing: the tests of wandb's logger are skipped");

let calls: string;
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), "otr-wandb-"));
  mkdirSync(join(root, "wandb"));
  writeFileSync(join(root, "wandb/__init__.py"), STAND_IN);
  calls = join(root, "calls.jsonl");
  writeFileSync(calls, "");
  vi.stubEnv("PYTHONPATH", root);
  vi.stubEnv("CALLS", calls);
  vi.stubEnv("WANDB_PROJECT", undefined);
});
afterEach(() => void vi.unstubAllEnvs());

const noted = () =>
  readFileSync(calls, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

it.runIf(hasPython)("opens a run that can go on, and logs each line at its step", async () => {
  const folder = makeRunFolder();
  measure(folder, 3, 4);
  const run = loggedRun(folder);
  const logger = await openWandb(run);
  expect(logger.place).toBe("https://wandb.example/run");
  await logger.log(linesFrom(folder));
  await logger.finish("completed");
  logger.close();
  expect(noted()).toEqual([
    [
      "init",
      {
        id: run.id,
        name: "a run",
        project: "a project",
        dir: folder,
        config: run.record.config,
        resume: "allow",
      },
    ],
    [
      "log",
      { "train/epoch": 0.3, "train/loss": 1 / 3, "train/learning_rate": 1e-5, "train/global_step": 3 },
      3,
    ],
    [
      "log",
      { "train/epoch": 0.4, "train/loss": 0.25, "train/learning_rate": 1e-5, "train/global_step": 4 },
      4,
    ],
    ["log", { "train/epoch": 0.4, "eval/loss": 0.5, "train/global_step": 4 }, 4],
    ["finish", 0],
  ]);
});

it.runIf(hasPython)("leaves out steps that wandb has, and takes WANDB_PROJECT", async () => {
  vi.stubEnv("STEP", "4");
  vi.stubEnv("WANDB_PROJECT", "another");
  const folder = makeRunFolder();
  measure(folder, 1, 6);
  const logger = await openWandb(loggedRun(folder));
  await logger.log(linesFrom(folder));
  await logger.finish("failed");
  logger.close();
  expect(noted()[0][1].project).toBe("another");
  expect(noted().map(([name, , step]) => [name, step])).toEqual([
    ["init", undefined],
    ["log", 4],
    ["log", 4],
    ["log", 5],
    ["log", 6],
    ["finish", undefined],
  ]);
});

it.runIf(hasPython)("says what wandb's client says, and how it ended", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 2);
  vi.stubEnv("FAILS", "init");
  await expect(openWandb(loggedRun(folder))).rejects.toThrow("RuntimeError: api_key not configured");
  vi.stubEnv("FAILS", "log");
  const failing = await openWandb(loggedRun(folder));
  await expect(failing.log(linesFrom(folder))).rejects.toThrow("ValueError: no more disk");
  failing.close();
  vi.stubEnv("FAILS", "exit");
  const ending = await openWandb(loggedRun(folder));
  await expect(ending.log(linesFrom(folder))).rejects.toThrow("wandb's client ended");
  await expect(ending.log(linesFrom(folder))).rejects.toThrow("wandb's client has ended");
});

it("says that there is no python3", async () => {
  vi.stubEnv("PATH", "/nowhere");
  await expect(openWandb(loggedRun(makeRunFolder()))).rejects.toThrow("python3 cannot be started");
});
