/** @file `otr checkpoints`: lists the checkpoints of a run, and whether they are as they were written. */
import { basename, dirname, resolve } from "node:path";
import {
  type CheckpointsConfig,
  checkpointsOptionSet,
  checkpointsOptions,
} from "../config/checkpoints-options.js";
import {
  checkCheckpoint,
  type FoundCheckpoint,
  listCheckpoints,
  namedCheckpoint,
} from "../training/checkpoints/find-checkpoints.js";
import { readTrainerState, type TrainerState } from "../training/checkpoints/trainer-state.js";
import { readRunIdentity } from "../training/run-record.js";
import { commandHelp } from "./command-help.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";

/** Runs `otr checkpoints`; returns the exit status: 1 where a checkpoint is damaged. */
export async function runCheckpoints(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(checkpointsOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const listed = listCheckpoints(config.outputDir);
  const alone = listed.length === 0 ? namedCheckpoint(config.outputDir) : null;
  const found = alone === null ? listed : [alone];
  const rows = markBest(found.map((checkpoint) => describeCheckpoint(checkpoint, config)));
  if (switches.has("json")) {
    for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  } else process.stdout.write(table(rows, config));
  return rows.some(({ valid }) => !valid) ? EXIT.failed : EXIT.done;
}

/** A checkpoint, as `--json` prints it. */
interface CheckpointRow {
  readonly step: number;
  readonly folder: string;
  readonly valid: boolean;
  /** What is wrong with it. */
  readonly problem: string | null;
  /** Whether training can go on from it. */
  readonly resumable: boolean;
  readonly bytes: number | null;
  /** When it was saved, ISO 8601. */
  readonly saved: string | null;
  /** Whether the best evaluation that the newest checkpoint knows of was there. */
  readonly best: boolean;
  /** Whether it is of the run that run.json tells of. */
  readonly current: boolean;
}

/** A checkpoint, and the step of the best evaluation that it knows of. */
type DescribedCheckpoint = Omit<CheckpointRow, "best"> & { readonly bestStep: number | null };

/** Each knows of the evaluations before it alone: the newest of the run decides. */
function markBest(described: readonly DescribedCheckpoint[]): CheckpointRow[] {
  const newest = described.findLast(({ valid, current }) => valid && current);
  return described.map(({ bestStep: _, ...row }) => ({
    ...row,
    best: row.current && row.valid && row.step === newest?.bestStep,
  }));
}

function describeCheckpoint(
  found: FoundCheckpoint,
  { outputDir, verify }: CheckpointsConfig,
): DescribedCheckpoint {
  const { step, folder, manifest } = found;
  let problem = verify ? checkCheckpoint(found) : found.problem;
  let state: TrainerState | null = null;
  try {
    state = problem === null ? readTrainerState(folder) : null;
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const run = readRunIdentity(outputDir === folder ? dirname(resolve(folder)) : outputDir);
  return {
    step,
    folder,
    valid: problem === null,
    problem,
    resumable: state?.resumable ?? false,
    bytes: manifest && Object.values(manifest.files).reduce((sum, { size }) => sum + size, 0),
    saved: state && new Date(1000 * state.time).toISOString(),
    bestStep: state?.best?.step ?? null,
    current: run === null || manifest?.run_id === run.runId,
  };
}

function table(rows: readonly CheckpointRow[], { outputDir, verify }: CheckpointsConfig): string {
  if (rows.length === 0) return `${outputDir} holds no checkpoints.\n`;
  const lines = rows.map((row) => {
    const name = basename(resolve(row.folder)).padEnd(20);
    if (!row.valid) return `${name} damaged: ${row.problem}`;
    const size = `${((row.bytes ?? 0) / 1e6).toFixed(1)} MB`.padStart(12);
    const marks = [
      verify ? "valid" : "not read",
      row.resumable ? null : "model alone",
      row.best ? "best so far" : null,
      row.current ? null : "of another run",
    ].filter((mark) => mark !== null);
    return `${name}${size}  ${row.saved?.slice(0, 19).replace("T", " ")}  ${marks.join(", ")}`;
  });
  return `${lines.join("\n")}\n`;
}

function help(): string {
  return commandHelp(checkpointsOptions, {
    usage: "otr checkpoints FOLDER [--option value ...]",
    summary:
      "Lists the checkpoints of a run and reads them through: a valid one is bit for bit what was written. The exit " +
      "status is 1 where one is damaged.",
    switches: { json: "Print one JSON line per checkpoint." },
    examples: ["otr checkpoints out", "otr train run.yaml --resume_from_checkpoint true"],
  });
}
