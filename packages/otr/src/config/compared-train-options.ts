/** @file The options of `otr train` that a comparison is given: those of all its runs, and those of one objective. */
import { ConfigError } from "../errors.js";
import { describeOptions } from "./describe-options.js";
import { type Entry, type Layer, unknownOption } from "./layer.js";
import { optionKey, optionName } from "./option-name.js";
import { renameFields } from "./read-text.js";
import { resolveOptions } from "./resolve.js";
import type { TrainConfig } from "./train-options.js";
import { trainOptionSet } from "./train-rules.js";

/** Options of `otr train` by their TypeScript names, not yet checked. */
export type WrittenTrainOptions = Readonly<Record<string, unknown>>;

/** Options that a comparison sets itself, with what to write instead. */
const SET_HERE: Readonly<Record<string, string>> = {
  modelNameOrPath: "models",
  dataset: "datasets",
  outputDir: "output_dir",
  learningRate: "learning_rates",
  seed: "seeds",
  resumeFromCheckpoint: "nothing: a comparison goes on with its runs by itself",
  resumeAllowChanges: "nothing: a run of other options is another run",
  overwriteOutputDir: "nothing: a run of other options has another folder",
  pushToHub: "nothing: otr push uploads a finished run",
  hubModelId: "nothing: otr push uploads a finished run",
  hubPrivateRepo: "nothing: otr push uploads a finished run",
};

/** Options that follow from a budget. */
const SET_BY_BUDGET: readonly string[] = ["maxSteps", "numTrainEpochs"];

const options = describeOptions(trainOptionSet.schema);

/** The options by their TypeScript names, whichever of the two spellings they have in a file. */
export function trainOptionKeys(written: Readonly<Record<string, unknown>>): WrittenTrainOptions {
  const entries = Object.entries(written).map(([name, value]) => {
    const key = optionKey(name);
    const option = options.find((known) => known.key === key);
    return [key, option?.kinds.has("object") ? renameFields(value, option.fields) : value];
  });
  return Object.fromEntries(entries);
}

/** What is wrong with the names of options, in sentences: those that do not exist, and those that a comparison sets itself. */
export function trainOptionNameMistakes(written: WrittenTrainOptions, hasBudget: boolean): string[] {
  return Object.keys(written).flatMap((key) => {
    const instead = SET_HERE[key];
    if (instead !== undefined) return [`${optionName(key)} is set by the comparison. Write ${instead}.`];
    if (hasBudget && SET_BY_BUDGET.includes(key))
      return [`${optionName(key)} follows from the budget. Remove one of the two.`];
    if (options.some((option) => option.key === key)) return [];
    return [`${optionName(key)}: ${unknownOption(key, options, optionName)}`];
  });
}

/**
 * The configuration of a run from layers of options, of which a later one wins.
 *
 * @throws {ConfigError} with every mistake; `where` is the option's TypeScript name
 */
export function resolveTrainLayers(layers: readonly WrittenTrainOptions[]): TrainConfig {
  return resolveOptions(trainOptionSet, layers.map(layerOf), optionName).config;
}

/** What is wrong with the configuration of a run: the option's TypeScript name, and a sentence. */
export function trainLayersMistakes(
  layers: readonly WrittenTrainOptions[],
): { readonly key: string; readonly message: string }[] {
  try {
    resolveTrainLayers(layers);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where, message }) => ({ key: optionKey(where), message }));
  }
}

function layerOf(written: WrittenTrainOptions): Layer {
  const entries = new Map<string, Entry>(
    Object.entries(written).map(([key, value]) => [key, { value, where: optionName(key) }]),
  );
  return { entries, problems: [] };
}
