/** @file Writes the model of a run, finished or not. */
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { aten, type DType, noGrad, scope, type Tensor } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import { chatTemplatePathOf } from "../data/named-chat-templates.js";
import { RunError } from "../errors.js";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, saveAdapter } from "../models/adapter-files.js";
import { TOKENIZER_FILES } from "../models/companion-files.js";
import { copyCompanions } from "../models/copy-companions.js";
import type { LocatedModel } from "../models/locate-model.js";
import type { LoraAdapter } from "../models/lora-adapter.js";
import { saveModel } from "../models/save-model.js";
import type { TrainingModel } from "./training-model.js";

/** The options that decide on what is written. */
type SavedOptions = Pick<TrainConfig, "saveDtype" | "chatTemplate" | "chatTemplatePath">;

/** Where the base model lies here, and where on the Hub it is from. */
type BaseModel = Pick<LocatedModel, "path" | "origin"> & {
  /** The folder of its tokenizer and settings of generation. */
  readonly companions: string;
};

const VALUE_HEAD = "value_head.safetensors";

/**
 * Writes a model folder, or that of an adapter, with everything that the run trained: weights, critic, chat template.
 *
 * @param base whose tokenizer and settings are copied, and which an adapter names
 * @returns the dtype of the stored weights
 * @throws RunError `NONFINITE_WEIGHTS` before anything is written
 */
export async function saveRun(
  model: TrainingModel,
  folder: string,
  base: BaseModel,
  config: SavedOptions,
): Promise<DType> {
  const spoiled = findNonFinite(model.parameters);
  if (spoiled !== null) {
    throw new RunError(
      "NONFINITE_WEIGHTS",
      `the last update made ${spoiled} NaN or infinite, so the model is worth nothing and was not saved; ` +
        "train again with a lower learning_rate",
    );
  }
  mkdirSync(folder, { recursive: true });
  const { adapter } = model.model;
  const dtype =
    adapter === null ? await saveWhole(model, folder, base, config) : await saveAlone(adapter, folder, base);
  // An earlier run may have had a critic.
  rmSync(join(folder, VALUE_HEAD), { force: true });
  model.saveValueHead(join(folder, VALUE_HEAD));
  const chatTemplatePath = chatTemplatePathOf(config);
  if (chatTemplatePath !== null) copyFileSync(chatTemplatePath, join(folder, "chat_template.jinja"));
  return dtype;
}

async function saveWhole(
  model: TrainingModel,
  folder: string,
  base: BaseModel,
  config: SavedOptions,
): Promise<DType> {
  const dtype = await saveModel(model.model, folder, {
    sourceFolder: base.companions,
    dtype: config.saveDtype === "auto" ? undefined : config.saveDtype,
  });
  removeFiles(folder, [ADAPTER_CONFIG, ADAPTER_WEIGHTS]);
  return dtype;
}

async function saveAlone(adapter: LoraAdapter, folder: string, base: BaseModel): Promise<DType> {
  await copyCompanions(base.companions, folder, TOKENIZER_FILES);
  await saveAdapter(adapter, folder, baseModelName(base), base.origin?.commit);
  removeFiles(folder, ["config.json", "generation_config.json", "model.safetensors"]);
  return "float32";
}

/** As others find it, too: by its id on the Hub, or where it lies here. */
export function baseModelName({ path, origin }: Pick<LocatedModel, "path" | "origin">): string {
  if (origin === null) return resolve(path);
  return origin.file === undefined ? origin.repository : `${origin.repository}/${origin.file}`;
}

/** What an earlier run of the other kind has left here would be taken for this one's. */
function removeFiles(folder: string, names: readonly string[]): void {
  for (const name of names) rmSync(join(folder, name), { force: true });
}

/** The name of the first parameter that holds NaN or infinity, or null. */
export function findNonFinite(parameters: ReadonlyMap<string, Tensor>): string | null {
  return noGrad(() =>
    scope(() => {
      const largest = aten._foreach_norm.Scalar([...parameters.values()], Number.POSITIVE_INFINITY);
      const names = [...parameters.keys()];
      return names.find((_, index) => !Number.isFinite(largest[index].item())) ?? null;
    }),
  );
}
