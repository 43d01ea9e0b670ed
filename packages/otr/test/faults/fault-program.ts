/** @file Runs the real program on a tiny model, with faults injected by preloaded libraries. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";
import { optionName } from "../../src/config/option-name.js";
import { resolveTrainConfig } from "../../src/config/resolve-train-config.js";
import type { TrainInput } from "../../src/config/train-options.js";
import { checkCheckpoint, listCheckpoints } from "../../src/training/checkpoints/find-checkpoints.js";
import { makeRunWorkspace, type RunWorkspace } from "../training/run-workspace.js";
import { countFaults } from "./count-faults.js";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** What `otr` is. */
export const PROGRAM = here("../../bin/otr.js");

/** How many processes run at a time. */
const PROCESSES = 3;

/** What a process was and did. */
export interface Outcome {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
}

/** One operation on a file; `at` names it for the preloaded library. */
export interface FileOperation {
  readonly name: string;
  readonly path: string;
  readonly at: string;
}

/** What the preloaded library does at an operation. */
export type FileFault = "kill" | "tear" | "short" | "stall" | "ENOSPC" | "EIO" | "EROFS";

/** A process that runs, and how it ends. */
export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Waits until what the process has printed matches. */
  printed(pattern: RegExp): Promise<void>;
}

/** The tiny model, its rows, and ways to train it. */
export interface FaultProgram {
  readonly work: RunWorkspace;
  /** Starts `otr` with arguments. */
  run(args: readonly string[], environment?: Record<string, string>): Running;
  /** Starts `otr train` on the tiny model. */
  start(input: Partial<TrainInput>, environment?: Record<string, string>): Running;
  /** The operations on files below `outputDir` of a run that nothing happens to. */
  operations(input: Partial<TrainInput>): Promise<FileOperation[]>;
  /** Runs with a fault at one operation. */
  runWithFault(
    input: Partial<TrainInput>,
    operation: FileOperation,
    fault: FileFault,
    lasts?: boolean,
  ): Promise<Outcome>;
  /** The library of `file-faults.c`. */
  readonly fileFaults: string;
  /** A library of this folder, compiled. */
  library(name: string): string;
  dispose(): void;
}

/** Compiles a C file of this folder. */
function compile(name: string, target: string): void {
  const arguments_ = ["-shared", "-fPIC", "-O1", "-Wall", "-o", target, here(name), "-ldl", "-lpthread"];
  const { status, stderr } = spawnSync(process.env.CC ?? "cc", arguments_, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} cannot be compiled: ${stderr}`);
}

/** @param changes of the model's configuration */
export async function makeFaultProgram(changes: Record<string, unknown> = {}): Promise<FaultProgram> {
  const work = await makeRunWorkspace({ num_hidden_layers: 1, tie_word_embeddings: true, ...changes });
  const libraries = mkdtempSync(join(tmpdir(), "otr-faults-"));
  const library = (name: string) => {
    const target = join(libraries, `${name}.so`);
    compile(`${name}.c`, target);
    return target;
  };
  const fileFaults = library("file-faults");

  const run: FaultProgram["run"] = (args, environment = {}) =>
    watch(
      spawn(process.execPath, [PROGRAM, ...args], {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, XDG_CACHE_HOME: work.path("cache"), OMP_NUM_THREADS: "1", ...environment },
      }),
    );
  const start: FaultProgram["start"] = (input, environment) =>
    run(trainArguments(work.input(input)), environment);
  const startWithFaults = (input: Partial<TrainInput>, environment: Record<string, string>) => {
    const root = work.input(input).outputDir!;
    // The library finds the folder's real name, and does not count before it is there.
    mkdirSync(root, { recursive: true });
    return start(input, { LD_PRELOAD: fileFaults, FAULT_ROOT: root, ...environment });
  };
  return {
    work,
    fileFaults,
    library,
    run,
    start,
    async operations(input) {
      const log = join(libraries, "operations");
      rmSync(log, { force: true });
      const { status, output } = await startWithFaults(input, { FAULT_LOG: log }).outcome;
      if (status !== 0) throw new Error(`the run without faults failed: ${output}`);
      return parseOperations(readFileSync(log, "utf8"));
    },
    runWithFault: (input, operation, fault, lasts = false) =>
      startWithFaults(input, {
        FAULT_AT: operation.at,
        FAULT_ACTION: fault,
        ...(lasts && { FAULT_LASTS: "1" }),
      }).outcome,
    dispose() {
      work.dispose();
      rmSync(libraries, { recursive: true, force: true });
    },
  };
}

/** A command line of `otr train`. */
export function trainArguments(input: TrainInput): string[] {
  // A mistake here shows as what it is, and not as a process that failed.
  resolveTrainConfig(input);
  return [
    "train",
    ...Object.entries(input).flatMap(([key, value]) => [`--${optionName(key)}`, String(value)]),
  ];
}

/** The operations of a log, each with its number among equals. */
function parseOperations(log: string): FileOperation[] {
  const counts = new Map<string, number>();
  return log
    .trimEnd()
    .split("\n")
    .map((line) => {
      const count = (counts.get(line) ?? 0) + 1;
      counts.set(line, count);
      const space = line.indexOf(" ");
      return { name: line.slice(0, space), path: line.slice(space + 1), at: `${line} ${count}` };
    });
}

function watch(child: ChildProcess): Running {
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const outcome = new Promise<Outcome>((resolve) => {
    child.once("close", (status, signal) => resolve({ status, signal, output }));
  });
  const printed = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(output)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void outcome.then(() => reject(new Error(`the program ended before it printed ${pattern}: ${output}`)));
    });
  return { child, outcome, printed };
}

/** Calls `body` for each item, a few at a time, and adds the number of items to the faults of the test. */
export async function injectEach<T>(
  { task }: TestContext,
  items: readonly T[],
  body: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await body(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: PROCESSES }, worker));
  countFaults(task, items.length);
}

/** The bytes of a finished model. */
export const weightsOf = (outputDir: string): Buffer => readFileSync(join(outputDir, "model.safetensors"));

/** The steps of the checkpoints in a folder that are sound, all their files read; the others with what is wrong. */
export function checkpointsIn(outputDir: string): { sound: number[]; damaged: string[] } {
  const found = listCheckpoints(outputDir).map((checkpoint) => ({
    step: checkpoint.step,
    problem: checkCheckpoint(checkpoint),
  }));
  return {
    sound: found.filter(({ problem }) => problem === null).map(({ step }) => step),
    damaged: found.flatMap(({ problem }) => problem ?? []),
  };
}
