/** @file What a run writes beside the model: `run.json` and `metrics.jsonl`. */
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, hostname, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { buildInfo } from "@one-token/torch";
import { optionName } from "../config/option-name.js";
import type { TrainConfig } from "../config/train-options.js";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import type { ResumePoint } from "./checkpoints/resume-point.js";
import { RunError } from "../errors.js";
import { cutLinesAfter } from "./cut-lines.js";
import { LineFile } from "./line-file.js";
import type { OutputFolder } from "./output-folder.js";
import type { PreparedRun } from "./prepare-run.js";
import { type Adjustment, PREVIOUS, readRunIdentity, tellsOfModel } from "./run-record.js";

export type RunStatus = "running" | "completed" | "interrupted" | "failed";

/** That of this package. */
export const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

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
  ["run.json", PREVIOUS],
  ["metrics.jsonl", "metrics.previous.jsonl"],
] as const;

/** Forgets the run before the one that is complete, whose model has taken the place of that one's. */
export function forgetPrevious(folder: string): void {
  for (const [, aside] of ASIDE) rmSync(join(folder, aside), { force: true });
}

/**
 * Keeps the record of an earlier run whose model lies in the folder: until this run has a model of its own, that one
 * stays, and so does what tells of it.
 */
function setAside(folder: string): void {
  const holdsModel = readdirSync(folder).some((name) => name.endsWith(".safetensors"));
  // The one set aside before is the model's, where the run after it did not end well.
  if (!holdsModel || tellsOfModel(folder) === PREVIOUS) return;
  for (const [name, aside] of ASIDE) {
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(folder, aside));
  }
}

const RECORD = "run.json";
const METRICS = "metrics.jsonl";
/** Files beside it in which each line has the step that it tells of. */
const OTHER_LINES = ["samples.jsonl", "tokens.jsonl"] as const;
type OtherLines = (typeof OTHER_LINES)[number];
type LinesName = typeof METRICS | OtherLines;

/** Makes room for a run that is not the one which the folder holds: what tells of its model stays, the rest goes. */
function takeFrom(outputDir: string): void {
  removeEarlier(outputDir, [PROFILE, ...OTHER_LINES]);
  setAside(outputDir);
  rmSync(join(outputDir, METRICS), { force: true });
}

/** Brings the lines of a run back to where it goes on from; those of a checkpoint elsewhere are copied first. */
function takeOver(outputDir: string, { folder, state }: ResumePoint): void {
  const source = dirname(resolve(folder));
  for (const name of [METRICS, ...OTHER_LINES]) {
    const isElsewhere = source !== resolve(outputDir) && existsSync(join(source, name));
    if (isElsewhere) copyFileSync(join(source, name), join(outputDir, name));
    cutLinesAfter(join(outputDir, name), state);
  }
}

/** The trace of a profiled run. */
export const PROFILE = "profile.json";

/** An earlier run's would be taken for this one's. What no run made stays. */
function removeEarlier(folder: string, names: readonly string[]): void {
  const isARuns = existsSync(join(folder, "run.json")) || existsSync(join(folder, "run.previous.json"));
  if (!isARuns) return;
  for (const name of names) {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path);
  }
}

function describeData({ fingerprint, summary, files }: PreparedRun["dataset"]): Record<string, unknown> {
  return { sha256: fingerprint, files: files.map(({ path }) => path), ...summary };
}

/** What a run computes with. */
export const describeMachine = (
  { numThreads }: Pick<TrainConfig, "numThreads">,
  { device, computeDtype }: { readonly device: string; readonly computeDtype: string },
) => ({
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
    device,
    compute_dtype: computeDtype,
    threads: numThreads,
  },
});

/** The set alone, or sets by name. */
function describeSets(sets: PreparedRun["evalSets"]): Record<string, unknown> {
  const [only] = sets;
  if (only?.name === null) return describeData(only.dataset);
  return Object.fromEntries(sets.map(({ name, dataset }) => [name, describeData(dataset)]));
}

/** What a run is, and what it was made from. */
export interface RunOrigin {
  /** The same for a run that goes on. */
  readonly runId: string;
  /** Where the run goes on from; null: it begins. */
  readonly point: ResumePoint | null;
  /** Of everything that was read, as `inputFingerprints` tells. */
  readonly fingerprints: Readonly<Record<string, unknown>>;
  /** Names of what was changed, as it was allowed, whenever the run has gone on from a checkpoint. */
  readonly changed: readonly string[];
  /** Options that were freely changed then. */
  readonly adjusted: readonly Adjustment[];
  readonly folder: OutputFolder;
  /** Told when the disk does not take lines, and when files had to be made again. */
  readonly warn: (message: string) => void;
}

/** The files of one run in its output folder. */
export class RunFiles {
  readonly #folder: string;
  readonly #record: Record<string, unknown>;
  readonly #origin: Pick<RunOrigin, "folder" | "warn">;
  /** Those that are there or have been written to. */
  readonly #lineFiles = new Map<LinesName, LineFile>();

  private constructor(
    folder: string,
    record: Record<string, unknown>,
    origin: Pick<RunOrigin, "folder" | "warn" | "point">,
  ) {
    this.#folder = folder;
    this.#record = record;
    this.#origin = origin;
    const there = OTHER_LINES.filter((name) => origin.point !== null && existsSync(join(folder, name)));
    for (const name of [METRICS, ...there] as const) this.#lines(name).open(origin.point !== null);
  }

  /**
   * Writes `run.json` with status `running`, and begins `metrics.jsonl`: anew, or where the run goes on behind the lines
   * up to that step.
   */
  static async create(
    config: TrainConfig,
    run: PreparedRun,
    machine: { device: string; computeDtype: string },
    origin: RunOrigin,
  ): Promise<RunFiles> {
    const { outputDir } = config;
    const { runId, point, fingerprints, changed, adjusted } = origin;
    const holder = readRunIdentity(outputDir);
    if (point === null || (holder !== null && holder.runId !== point.state.run_id)) takeFrom(outputDir);
    else removeEarlier(outputDir, [PROFILE]);
    if (point !== null) takeOver(outputDir, point);
    const options = Object.entries(config).map(([key, value]) => [optionName(key), value]);
    const record = {
      run_id: runId,
      process: { id: process.pid, host: hostname() },
      config: { ...Object.fromEntries(options), loss_type: run.objective.lossType },
      ...describeMachine(config, machine),
      base_model: { ...(run.model.origin ?? { path: run.model.path }), ...run.model.license },
      ...(run.adapterOrigin && { adapter: run.adapterOrigin }),
      seeds: { seed: config.seed },
      data: {
        train: describeData(run.dataset),
        ...(run.evalSets.length > 0 && { eval: describeSets(run.evalSets) }),
      },
      fingerprints,
      changed,
      ...(adjusted.length > 0 && { adjusted }),
      started: new Date().toISOString(),
      ...(point && { resumed: { step: point.state.step, checkpoint: point.folder } }),
      status: "running",
    };
    const files = new RunFiles(outputDir, record, origin);
    await files.#writeRecord();
    return files;
  }

  /** Appends one line to `metrics.jsonl`; it is with the operating system when this returns, unless the disk is full. */
  log(line: object): void {
    this.#lines(METRICS).append(line);
  }

  /** Appends a line to one of the other files. */
  append(name: OtherLines, line: { readonly step: number }): void {
    this.#lines(name).append(line);
  }

  /** The files of lines that are there. */
  get linePaths(): readonly string[] {
    return [...this.#lineFiles.keys()].map((name) => join(this.#folder, name));
  }

  /**
   * Makes again what somebody has removed or moved while the run goes on, and says so.
   *
   * @throws {RunError} `OUTPUT_DIR_IN_USE` where another run has the folder since
   */
  async restore(): Promise<void> {
    const isFolder = this.#origin.folder.restore();
    const names: string[] = [...this.#lineFiles].flatMap(([name, file]) => (file.restore() ? name : []));
    if (!existsSync(join(this.#folder, RECORD))) {
      await this.#writeRecord();
      names.push(RECORD);
    }
    if (!isFolder && names.length === 0) return;
    const what = isFolder ? this.#folder : `${names.join(", ")} in ${this.#folder}`;
    const lost = isFolder ? " Checkpoints that lay there are lost." : "";
    this.#origin.warn(
      `${what} was removed or moved while the run goes on. It is made again, with all lines so far.${lost}`,
    );
  }

  /**
   * Sees to it that all lines so far are in their files.
   *
   * @throws {RunError} `LINES_NOT_WRITTEN` where the disk does not take them
   */
  requireLines(): void {
    for (const [name, file] of this.#lineFiles) {
      if (file.isComplete) continue;
      throw new RunError(
        "LINES_NOT_WRITTEN",
        `${name} in ${this.#folder} lacks lines that the disk does not take`,
      );
    }
  }

  /**
   * Rewrites `run.json` at the end of a run.
   * @throws as {@link restore} does
   */
  async setStatus(status: Exclude<RunStatus, "running">, more: Record<string, unknown> = {}): Promise<void> {
    await this.restore();
    Object.assign(this.#record, { status, ended: new Date().toISOString() }, more);
    await this.#writeRecord();
  }

  async #writeRecord(): Promise<void> {
    await writeFileAtomically(join(this.#folder, RECORD), `${JSON.stringify(this.#record, null, 2)}\n`);
  }

  /** Whether the folder still holds the model of the run before this one, of which `run.previous.json` tells. */
  get holdsPreviousModel(): boolean {
    return tellsOfModel(this.#folder) === PREVIOUS;
  }

  dispose(): void {
    for (const file of this.#lineFiles.values()) file.close();
  }

  #lines(name: LinesName): LineFile {
    const open = this.#lineFiles.get(name);
    if (open) return open;
    const file = new LineFile(join(this.#folder, name), ({ message }) =>
      this.#origin.warn(
        `${name} cannot be written (${message}). Training goes on, and its lines are written once that works again.`,
      ),
    );
    this.#lineFiles.set(name, file);
    return file;
  }
}
