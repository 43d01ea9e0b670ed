/** @file The configuration of a comparison from an object, for users of the library. */
import { type CompareConfig, type CompareInput, compareOptionSet } from "./compare-options.js";
import { describeOptions } from "./describe-options.js";
import { objectLayer, resolveOptions } from "./resolve.js";

/**
 * Checks options written in camelCase and fills in the defaults. Names within `tasks`, `objectives` and `train` may be
 * spelled as in a file.
 *
 * @throws {ConfigError} with every mistake that was found.
 */
export function resolveCompareConfig(input: CompareInput): CompareConfig {
  const layer = objectLayer(input, describeOptions(compareOptionSet.schema));
  return resolveOptions(compareOptionSet, [layer], (key) => key).config;
}
