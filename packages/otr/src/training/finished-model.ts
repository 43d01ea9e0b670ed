/** @file Whether the model of a complete run is still the one that was saved. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors } from "@one-token/torch";
import { shellQuote } from "../config/shell-quote.js";
import { DataError } from "../errors.js";
import { ADAPTER_WEIGHTS } from "../models/adapter-files.js";
import { WEIGHTS } from "../models/save-model.js";
import { describeFile, type FileDescription, findDamage } from "./checkpoints/manifest.js";
import { lastResumable } from "./checkpoints/resume-point.js";
import { readRunJson, type RunRecord } from "./run-record.js";
import { VALUE_HEAD } from "./save-run.js";

/** Size and SHA-256 of each file of weights in the folder of a finished model. */
export function describeWeights(outputDir: string): Record<string, FileDescription> {
  const names = [WEIGHTS, ADAPTER_WEIGHTS, VALUE_HEAD].filter((name) => existsSync(join(outputDir, name)));
  return Object.fromEntries(names.map((name) => [name, describeFile(join(outputDir, name))]));
}

/**
 * Checks that the model of the complete run in a folder is there, as it was saved.
 *
 * @throws {DataError} `MODEL_DAMAGED` with what makes the model again; `RUN_RECORD_INVALID`
 */
export function requireFinishedModel(outputDir: string): void {
  const record = readRunJson(join(outputDir, "run.json"));
  const damage = record.model
    ? findDamage(outputDir, { files: record.model })
    : findUnreadable(outputDir, record);
  if (damage === null) return;
  const checkpoint = lastResumable(outputDir, record.run_id);
  throw new DataError(
    "MODEL_DAMAGED",
    `the run in ${outputDir} is complete, but its model is not what was saved: ${damage}. ${
      checkpoint === null
        ? "No checkpoint is left to make it from: bring the file back, or train anew without resume_from_checkpoint"
        : `The same command with --resume_from_checkpoint ${shellQuote(checkpoint)} makes it again`
    }`,
  );
}

/** Earlier versions kept neither size nor hash. */
function findUnreadable(outputDir: string, { config }: RunRecord): string | null {
  const name = config["use_peft"] === true ? ADAPTER_WEIGHTS : WEIGHTS;
  if (!existsSync(join(outputDir, name))) return `${name} is missing`;
  try {
    readSafetensors(join(outputDir, name)).dispose();
    return null;
  } catch (error) {
    return `${name} cannot be read (${error instanceof Error ? error.message : error})`;
  }
}
