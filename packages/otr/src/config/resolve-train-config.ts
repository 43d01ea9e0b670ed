/** @file The configuration of a training run from an object, for users of the library. */
import type { z } from "zod";
import { ConfigError } from "../errors.js";
import { describeOptions } from "./describe-options.js";
import { formatValue } from "./format-value.js";
import type { OptionSet } from "./option-set.js";
import { planOptionSet } from "./plan-options.js";
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
  return resolveInput(trainOptionSet, input, "modelNameOrPath, dataset, outputDir");
}

/**
 * The same for a plan, which needs no `outputDir`: it is empty then.
 *
 * @throws {ConfigError} with every mistake that was found.
 */
export function resolvePlanConfig(input: object): TrainConfig {
  const { outputDir, ...others } = Object(input) as { outputDir?: unknown };
  // A configuration that comes from here has an empty one.
  const given = typeof input === "object" && outputDir === "" ? others : input;
  return resolveInput(planOptionSet, given, "modelNameOrPath, dataset");
}

function resolveInput<Schema extends z.ZodObject>(
  set: OptionSet<Schema, TrainConfig>,
  input: object,
  required: string,
): TrainConfig {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    const needed = `an object with ${required} and what differs from the defaults`;
    throw new ConfigError([
      { where: "options of training", message: `found ${formatValue(input)}, but needs ${needed}.` },
    ]);
  }
  const layer = objectLayer(input, describeOptions(set.schema));
  return resolveOptions(set, [layer], (key) => key).config;
}
