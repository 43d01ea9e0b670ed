/** @file The checkpoints of an output folder. A folder that is not complete and sound is never offered. */
import { basename, join, resolve } from "node:path";
import { namesIn } from "../../config/check-paths.js";
import { findDamage, type Manifest, readManifest } from "./manifest.js";

/** A folder that is called like a checkpoint. */
export interface FoundCheckpoint {
  readonly folder: string;
  /** As its name says. */
  readonly step: number;
  /** What is wrong with it; null: nothing that can be seen without reading its files. */
  readonly problem: string | null;
  readonly manifest: Manifest | null;
}

const NAME = /^checkpoint-(?<step>\d{1,15})$/;

/** The name of the checkpoint after so many steps. */
export const checkpointName = (step: number): string => `checkpoint-${step}`;

/** What is called like a checkpoint in `outputDir`, by step. Sizes and hashes of files are not looked at. */
export function listCheckpoints(outputDir: string): FoundCheckpoint[] {
  const steps = (namesIn(outputDir) ?? []).flatMap((name) => NAME.exec(name)?.groups?.step ?? []);
  return steps
    .map((step) => inspectCheckpoint(join(outputDir, `checkpoint-${step}`), Number(step)))
    .sort((a, b) => a.step - b.step);
}

/** Those of one run: an earlier run's may lie beside them. */
export const checkpointsOfRun = (outputDir: string, runId: string): FoundCheckpoint[] =>
  listCheckpoints(outputDir).filter(({ manifest }) => manifest?.run_id === runId);

/** A folder that is a checkpoint itself by its name, or null. */
export function namedCheckpoint(folder: string): FoundCheckpoint | null {
  const step = NAME.exec(basename(resolve(folder)))?.groups?.step;
  return step === undefined ? null : inspectCheckpoint(folder, Number(step));
}

function inspectCheckpoint(folder: string, step: number): FoundCheckpoint {
  const manifest = readManifest(folder);
  if ("problem" in manifest) return { folder, step, problem: manifest.problem, manifest: null };
  const problem = manifest.step === step ? null : `it was saved after step ${manifest.step}`;
  return { folder, step, problem, manifest };
}

/** What is wrong with a checkpoint, all its files read; null where it is sound. */
export const checkCheckpoint = ({ folder, problem, manifest }: FoundCheckpoint): string | null =>
  problem ?? findDamage(folder, manifest!);
