/** @file What a run writes beside the model: `run.json` and `metrics.jsonl`. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { createRequire } from "node:module";
import { cpus, hostname, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { buildInfo } from "@one-token/torch";
import { optionName } from "../config/option-name.js";
import type { TrainConfig } from "../config/train-options.js";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import type { ResumePoint } from "./checkpoints/resume-point.js";
import { cutLinesAfter } from "./cut-lines.js";
import type { PreparedRun } from "./prepare-run.js";

export type RunStatus = "running" | "completed" | "interrupted" | "failed";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** What to say of the files that the output folder holds before a run; nothing where there are none. */
export function describeOutputFolder(folder: string): string[] {
  // Those with a dot are this run's own: its lock, or what a killed one has left.
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  if (names.includes("run.json"))
    return [`${folder} holds an earlier run, which this one replaces once it is done.`];
  return names.length > 0 ? [`${folder} holds other files already, which stay there.`] : [];
}

/** The files of a run, and their names while a later run into the same folder has not ended well. */
const ASIDE = [
  ["run.json", "run.previous.json"],
  ["metrics.jsonl", "metrics.previous.jsonl"],
] as const;

/**
 * Keeps the record of an earlier run whose model lies in the folder: until this run has a model of its own, that one
 * stays, and so does what tells of it.
 */
function setAside(folder: string): void {
  const holdsModel = readdirSync(folder).some((name) => name.endsWith(".safetensors"));
  // The one set aside before is the model's: the run after it did not end well.
  if (!holdsModel || existsSync(join(folder, "run.previous.json"))) return;
  for (const [name, aside] of ASIDE) {
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(folder, aside));
  }
}

const METRICS = "metrics.jsonl";
/** Files of a run in which each line has the step that it tells of. */
const LINES = [METRICS] as const;

/** Brings the lines of a run back to where it goes on from; those of a checkpoint elsewhere are copied first. */
function takeOver(outputDir: string, { folder, state }: ResumePoint): void {
  const source = dirname(resolve(folder));
  for (const name of LINES) {
    const isElsewhere = source !== resolve(outputDir) && existsSync(join(source, name));
    if (isElsewhere) copyFileSync(join(source, name), join(outputDir, name));
    cutLinesAfter(join(outputDir, name), state.step);
  }
}

/** The trace of a profiled run. */
export const PROFILE = "profile.json";

/** An earlier run's profile would be taken for this one's. What no run made stays. */
function removeEarlierProfile(folder: string): void {
  const path = join(folder, PROFILE);
  const isARuns = existsSync(join(folder, "run.json")) || existsSync(join(folder, "run.previous.json"));
  if (isARuns && statSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path);
}

function describeData({ fingerprint, summary, files }: PreparedRun["dataset"]): Record<string, unknown> {
  return { sha256: fingerprint, files: files.map(({ path }) => path), ...summary };
}

/** The files of one run in its output folder. */
export class RunFiles {
  readonly #folder: string;
  readonly #record: Record<string, unknown>;
  readonly #metrics: number;

  private constructor(folder: string, record: Record<string, unknown>, goesOn: boolean) {
    this.#folder = folder;
    this.#record = record;
    this.#metrics = openSync(join(folder, METRICS), goesOn ? "a" : "w");
  }

  /**
   * Writes `run.json` with status `running`, and begins `metrics.jsonl`: anew, or where the run goes on behind the lines
   * up to that step.
   *
   * @param runId the same for a run that goes on
   * @param point where the run goes on from; null: it begins
   */
  static async create(
    config: TrainConfig,
    run: PreparedRun,
    machine: { device: string; computeDtype: string },
    runId: string,
    point: ResumePoint | null,
  ): Promise<RunFiles> {
    const { outputDir } = config;
    removeEarlierProfile(outputDir);
    if (point === null) setAside(outputDir);
    else takeOver(outputDir, point);
    const options = Object.entries(config).map(([key, value]) => [optionName(key), value]);
    const record = {
      run_id: runId,
      process: { id: process.pid, host: hostname() },
      config: { ...Object.fromEntries(options), loss_type: run.objective.lossType },
      versions: {
        one_token_rollout: version,
        libtorch: buildInfo().torchVersion,
        node: process.versions.node,
      },
      hardware: {
        processor: cpus()[0]?.model ?? "unknown",
        cores: cpus().length,
        memory_bytes: totalmem(),
        cpu_capability: buildInfo().cpuCapability,
        device: machine.device,
        compute_dtype: machine.computeDtype,
        threads: config.numThreads,
      },
      base_model: { ...(run.model.origin ?? { path: run.model.path }), ...run.model.license },
      ...(run.adapterOrigin && { adapter: run.adapterOrigin }),
      seeds: { seed: config.seed },
      data: {
        train: describeData(run.dataset),
        ...(run.evalDataset && { eval: describeData(run.evalDataset) }),
      },
      started: new Date().toISOString(),
      ...(point && { resumed: { step: point.state.step, checkpoint: point.folder } }),
    };
    const files = new RunFiles(outputDir, record, point !== null);
    await files.setStatus("running");
    return files;
  }

  /** Appends one line; it is with the operating system when this returns. */
  log(line: object): void {
    writeSync(this.#metrics, `${JSON.stringify(line)}\n`);
  }

  /** Rewrites `run.json`. */
  async setStatus(status: RunStatus, more: Record<string, unknown> = {}): Promise<void> {
    Object.assign(this.#record, { status }, more);
    if (status !== "running") this.#record.ended = new Date().toISOString();
    await writeFileAtomically(join(this.#folder, "run.json"), `${JSON.stringify(this.#record, null, 2)}\n`);
  }

  /** Whether the folder still holds the model of the run before this one, of which `run.previous.json` tells. */
  get holdsPreviousModel(): boolean {
    return existsSync(join(this.#folder, "run.previous.json"));
  }

  /** Forgets the run before this one, whose model has been replaced. */
  forgetPrevious(): void {
    for (const [, aside] of ASIDE) rmSync(join(this.#folder, aside), { force: true });
  }

  dispose(): void {
    closeSync(this.#metrics);
  }
}
