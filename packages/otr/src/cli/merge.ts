/** @file `otr merge`: makes an adapter part of its model. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type MergeConfig, mergeOptionSet, mergeOptions } from "../config/merge-options.js";
import { ConfigError } from "../errors.js";
import { commandHelp } from "./command-help.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";
import { writeNote } from "./write-note.js";

/** Runs `otr merge`; returns the exit status. */
export async function runMerge(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(mergeOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const merged = await merge(config);
  if (switches.has("json")) process.stdout.write(`${JSON.stringify(merged)}\n`);
  else
    process.stderr.write(
      `Merged ${config.adapterNameOrPath} into ${merged.base_model}: ${merged.output_dir} (${merged.dtype}).\n`,
    );
  return EXIT.done;
}

interface Merged {
  readonly output_dir: string;
  readonly base_model: string;
  readonly dtype: string;
}

async function merge(config: MergeConfig): Promise<Merged> {
  const { outputDir, saveDtype } = config;
  const { locateBaseModel, otherBaseNotes } = await import("../models/adapter-base.js");
  const { loadAdapter } = await import("../models/adapter-files.js");
  const { hubNameOf, locateAdapter, locateModel } = await import("../models/locate-model.js");
  const { transferDisplay } = await import("./transfer-display.js");
  const display = transferDisplay(process.stderr);
  const options = { onProgress: display.show };
  const { path: folder } = await locateAdapter(config.adapterNameOrPath, options).finally(display.clear);
  const { modelNameOrPath: given } = config;
  const finding = given === null ? locateBaseModel(folder, options) : locateModel(given, options);
  const model = await finding.finally(display.clear);
  const { path: base } = model;
  refuseToOverwrite(outputDir, [base, folder]);
  for (const note of [...model.notes, ...(await otherBaseNotes(folder, model))]) writeNote(note);
  const { loadModel } = await import("../models/load-model.js");
  const { mergeAdapter } = await import("../models/merge-adapter.js");
  const { saveModel } = await import("../models/save-model.js");
  // Sums are rounded once, to the dtype that is saved.
  const loaded = await loadModel(base, { dtype: "float32" });
  const merged = mergeAdapter(loaded, await loadAdapter(loaded, folder));
  const tokenizerFolder = existsSync(resolve(folder, "tokenizer.json")) ? folder : base;
  const dtype = await saveModel(merged, outputDir, {
    sourceFolder: base,
    tokenizerFolder,
    eosTokenId: await otherEndToken(base, tokenizerFolder),
    dtype: saveDtype === "auto" ? undefined : saveDtype,
  });
  return { output_dir: outputDir, base_model: model.origin === null ? base : hubNameOf(model.origin), dtype };
}

/** The token that ends a text for the adapter's tokenizer, where it is another one for the base model's. */
async function otherEndToken(base: string, tokenizerFolder: string): Promise<number | undefined> {
  const { loadTokenizer } = await import("../data/tokenizer.js");
  const [before, after] = await Promise.all([loadTokenizer(base), loadTokenizer(tokenizerFolder)]);
  return after.eosTokenId === before.eosTokenId ? undefined : (after.eosTokenId ?? undefined);
}

function refuseToOverwrite(outputDir: string, read: readonly string[]): void {
  if (!read.some((folder) => resolve(folder) === resolve(outputDir))) return;
  const message =
    "is the folder of the base model or of the adapter, and would overwrite it. Choose another.";
  throw new ConfigError([{ where: "--output_dir", message }]);
}

function help(): string {
  return commandHelp(mergeOptions, {
    usage: "otr merge [CONFIG.yaml] --adapter_name_or_path ADAPTER --output_dir FOLDER [--option value ...]",
    summary: "Makes a LoRA adapter part of its model, which then is a model folder like any other.",
    switches: { json: "Print one JSON document: output_dir, base_model, dtype." },
    examples: ["otr merge --adapter_name_or_path out --output_dir merged"],
  });
}
