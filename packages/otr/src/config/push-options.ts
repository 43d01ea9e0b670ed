/** @file The options of `otr push`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { hubModelId, hubPrivateRepo } from "./hub-options.js";
import type { OptionSet } from "./option-set.js";
import { option } from "./option-text.js";

/** Options of an upload as they are written. */
export const pushOptions = z.strictObject({
  folder: option(z.string().min(1), {
    group: "Model",
    placeholder: "FOLDER",
    description: "Folder of a finished model or adapter, for example the output_dir of a training run.",
  }),
  hubModelId,
  hubPrivateRepo,
});

/** The checked, complete configuration of an upload. */
export type PushConfig = z.output<typeof pushOptions>;

/** The options of `otr push` with their rules. */
export const pushOptionSet: OptionSet<typeof pushOptions, PushConfig> = {
  schema: pushOptions,
  readsFile: false,
  positional: "folder",
  alternatives: [],
  paths: { folder: checkFinishedFolder },
  rules: () => [],
  complete: (values) => values,
};

/** A folder with a model, or with an adapter. */
function checkFinishedFolder(folder: string): string | null {
  if (!existsSync(folder)) return `${folder} does not exist. Give the folder of a finished model.`;
  const marks = ["config.json", "adapter_config.json"];
  if (marks.some((name) => existsSync(join(folder, name)))) return null;
  return `${folder} has no ${marks.join(" or ")}. Give the folder of a finished model, such as the output_dir of a run.`;
}
