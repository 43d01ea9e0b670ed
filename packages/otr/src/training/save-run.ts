/** @file Writes the model of a run, finished or not. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { aten, type DType, noGrad, scope, type Tensor } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import { chatTemplatePathOf } from "../data/named-chat-templates.js";
import { RunError } from "../errors.js";
import { saveAdapter } from "../models/adapter-files.js";
import { TOKENIZER_FILES } from "../models/companion-files.js";
import { copyCompanions } from "../models/copy-companions.js";
import { readEosTokenIds } from "../models/generation-config.js";
import { hubNameOf, type LocatedModel } from "../models/locate-model.js";
import { saveModel } from "../models/save-model.js";
import type { FolderWriter } from "../models/folder-writer.js";
import type { TrainedModel } from "./trained-model.js";

/** The options that decide on what is written. */
type SavedOptions = Pick<TrainConfig, "saveDtype" | "eosToken" | "chatTemplate" | "chatTemplatePath">;

/** Where the base model lies here, and where on the Hub it is from. */
type BaseModel = Pick<LocatedModel, "path" | "origin"> & {
  /** The folder of its tokenizer and settings of generation. */
  readonly companions: string;
};

export const VALUE_HEAD = "value_head.safetensors";

/**
 * Writes a model folder, or that of an adapter, with everything that the run trained: weights, critic, chat template.
 *
 * @param folder new, or empty
 * @param base whose tokenizer and settings are copied, and which an adapter names
 * @param writer how files are written
 * @returns the dtype of the stored weights
 * @throws RunError `NONFINITE_WEIGHTS` before anything is written
 */
export async function saveRun(
  trained: TrainedModel,
  folder: string,
  base: BaseModel,
  config: SavedOptions,
  writer: FolderWriter,
): Promise<DType> {
  const spoiled = findNonFinite(trained.parameters);
  if (spoiled !== null) {
    throw new RunError(
      "NONFINITE_WEIGHTS",
      `the last update made ${spoiled} NaN or infinite, so the model is worth nothing and was not saved; ` +
        "train again with a lower learning_rate",
    );
  }
  mkdirSync(folder, { recursive: true });
  const dtype = await saveWeights(trained, folder, base, config, writer);
  if (trained.valueHead !== null) {
    await writer.tensors(join(folder, VALUE_HEAD), { ...trained.valueHead }, { format: "pt" });
  }
  const chatTemplatePath = chatTemplatePathOf(config);
  if (chatTemplatePath !== null) copyFileSync(chatTemplatePath, join(folder, "chat_template.jinja"));
  return dtype;
}

async function saveWeights(
  { model }: TrainedModel,
  folder: string,
  base: BaseModel,
  { saveDtype, eosToken }: SavedOptions,
  writer: FolderWriter,
): Promise<DType> {
  if (model.adapter !== null) {
    await copyCompanions(base.companions, folder, TOKENIZER_FILES, writer);
    await saveAdapter(model.adapter, folder, baseModelName(base), base.origin?.commit, writer);
    return "float32";
  }
  const dtype = saveDtype === "auto" ? undefined : saveDtype;
  // The extended tokenizer's settings name the token alone.
  const [eosTokenId] = (eosToken === null ? null : readEosTokenIds(base.companions)) ?? [];
  return saveModel(model, folder, { sourceFolder: base.companions, dtype, eosTokenId, writer });
}

/** As others find it, too: by its id on the Hub, or where it lies here. */
export function baseModelName({ path, origin }: Pick<LocatedModel, "path" | "origin">): string {
  return origin === null ? resolve(path) : hubNameOf(origin);
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
