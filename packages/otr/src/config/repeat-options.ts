/** @file The options of `otr train --repeat`. */
import { resolve } from "node:path";
import { z } from "zod";
import { checkOutputFolder, status } from "./check-paths.js";
import type { OptionSet } from "./option-set.js";
import { option } from "./option-text.js";

const REPETITION = "Repetition";

/** Options as they are written. */
export const repeatOptions = z.strictObject({
  repeat: option(z.string().min(1), {
    group: REPETITION,
    placeholder: "FOLDER",
    description:
      "The output_dir of a run that is complete: its run.json says what is trained, on what and how.",
  }),
  outputDir: option(z.string().min(1).nullable().default(null), {
    group: REPETITION,
    placeholder: "FOLDER",
    description: "Where the repetition is written. Null means FOLDER-repeat.",
  }),
});

/** The checked configuration of a repetition. */
export interface RepeatConfig {
  readonly repeat: string;
  readonly outputDir: string;
}

/** The options of `otr train --repeat` with their rules. */
export const repeatOptionSet: OptionSet<typeof repeatOptions, RepeatConfig> = {
  schema: repeatOptions,
  readsFile: false,
  alternatives: [],
  paths: {
    repeat: (path) =>
      status(path)?.isDirectory() === true ? null : `${path} is no folder. Give the output_dir of a run.`,
    outputDir: checkOutputFolder,
  },
  rules({ repeat, outputDir }, name) {
    if (outputDir === null || resolve(outputDir) !== resolve(repeat)) return [];
    return [
      {
        key: "outputDir",
        others: ["repeat"],
        message: `is the folder of the run that ${name("repeat")} names, which would be overwritten. Choose another.`,
      },
    ];
  },
  complete: ({ repeat, outputDir }) => ({
    repeat,
    outputDir: outputDir ?? `${repeat.replace(/\/+$/, "")}-repeat`,
  }),
};
