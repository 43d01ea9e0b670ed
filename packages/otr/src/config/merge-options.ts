/** @file The options of `otr merge`: types, checks, defaults and help in one place. */
import { z } from "zod";
import { checkAdapter, checkModel } from "./check-model.js";
import { checkMergedFolder } from "./check-paths.js";
import type { OptionSet } from "./option-set.js";
import { option } from "./option-text.js";

const MERGE = "Merging";

/** Options of merging as they are written. */
export const mergeOptions = z.strictObject({
  adapterNameOrPath: option(z.string().min(1), {
    group: MERGE,
    placeholder: "FOLDER|ORG/NAME",
    description:
      "Folder of the adapter (adapter_config.json and adapter_model.safetensors), or its id on the Hugging Face Hub.",
  }),
  modelNameOrPath: option(z.string().min(1).nullable().default(null), {
    group: MERGE,
    placeholder: "FOLDER|ORG/NAME",
    description: "Folder or Hub id of the base model; null means the one that the adapter names.",
  }),
  outputDir: option(z.string().min(1), {
    group: MERGE,
    placeholder: "FOLDER",
    description: "Where the merged model is written. Made if it is missing.",
  }),
  saveDtype: option(z.enum(["auto", "float32", "bfloat16", "float16"]).default("auto"), {
    group: MERGE,
    description: "Number format of the merged weights; auto is the base model's.",
  }),
});

/** The checked, complete configuration of a merge. */
export type MergeConfig = z.output<typeof mergeOptions>;

/** The options of `otr merge` with their rules. */
export const mergeOptionSet: OptionSet<typeof mergeOptions, MergeConfig> = {
  schema: mergeOptions,
  readsFile: true,
  alternatives: [],
  paths: {
    adapterNameOrPath: checkAdapter,
    modelNameOrPath: checkModel,
    outputDir: checkMergedFolder,
  },
  rules: () => [],
  complete: (values) => values,
};
