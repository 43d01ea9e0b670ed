/** @file The configuration of a training run from an object, for users of the library. */
import { ConfigError } from "../errors.js";
import { describeOptions } from "./describe-options.js";
import { formatValue } from "./format-value.js";
import { objectLayer, resolveOptions } from "./resolve.js";
import type { TrainConfig } from "./train-options.js";
import { trainOptionSet } from "./train-rules.js";

/**
 * Checks options written in camelCase and fills in the defaults; a {@link TrainConfig} comes out unchanged.
 *
 * @param input Options as {@link TrainInput} types them; the type is wider so that data read at run time can be
 * checked too.
 * @throws {ConfigError} with every mistake that was found.
 */
export function resolveTrainConfig(input: object): TrainConfig {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    const needed = "an object with modelNameOrPath, dataset, outputDir and what differs from the defaults";
    throw new ConfigError([
      { where: "options of training", message: `found ${formatValue(input)}, but needs ${needed}.` },
    ]);
  }
  const layer = objectLayer(input, describeOptions(trainOptionSet.schema));
  return resolveOptions(trainOptionSet, [layer], (key) => key).config;
}
