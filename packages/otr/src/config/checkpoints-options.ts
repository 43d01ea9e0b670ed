/** @file The options of `otr checkpoints`. */
import { z } from "zod";
import { namesIn, status } from "./check-paths.js";
import { option } from "./option-text.js";
import type { OptionSet } from "./option-set.js";

const CHECKPOINTS = "Checkpoints";

/** Options as they are written. */
export const checkpointsOptions = z.strictObject({
  outputDir: option(z.string().min(1), {
    group: CHECKPOINTS,
    placeholder: "FOLDER",
    description: "The output_dir of a run, or one checkpoint. Its name may be left out.",
  }),
  verify: option(z.boolean().default(true), {
    group: CHECKPOINTS,
    description: "Whether all files are read and compared with their hashes; false looks at names alone.",
  }),
});

/** The checked configuration of `otr checkpoints`. */
export type CheckpointsConfig = z.output<typeof checkpointsOptions>;

/** The options of `otr checkpoints` with their rules. */
export const checkpointsOptionSet: OptionSet<typeof checkpointsOptions, CheckpointsConfig> = {
  schema: checkpointsOptions,
  readsFile: false,
  positional: "outputDir",
  alternatives: [],
  paths: {
    outputDir: (path) => {
      if (status(path)?.isDirectory() !== true) return `${path} is no folder. Give the output_dir of a run.`;
      return namesIn(path) === null ? `the folder ${path} cannot be read. Check its permissions.` : null;
    },
  },
  rules: () => [],
  complete: (values) => values,
};
