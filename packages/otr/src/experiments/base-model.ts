/** @file The models that runs begin with. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CompareConfig } from "../config/compare-options.js";
import { modelFingerprint } from "../models/model-fingerprint.js";
import type { ModelSource } from "./run-order.js";

/** A model by its name in the configuration. */
export interface BaseModel extends ModelSource {
  readonly model: string;
}

/** What all runs of a model begin with, the revision and the adapter that `train` names included. */
export function baseModelOf({ models, train }: CompareConfig, model: string): BaseModel {
  const { modelRevision = null, adapterNameOrPath = null } = train as {
    modelRevision?: string | null;
    adapterNameOrPath?: string | null;
  };
  return { model, path: models.get(model)!, revision: modelRevision, adapter: adapterNameOrPath };
}

/** The name of the folder with the measurements of a base model, which no other model has. */
export function baseFolderName({ model, path, revision, adapter }: BaseModel): string {
  const hash = createHash("sha256").update(existsSync(path) ? modelFingerprint(path) : path);
  if (revision !== null) hash.update(`\n${revision}`);
  if (adapter !== null) {
    const weights = join(adapter, "adapter_model.safetensors");
    hash.update("\n").update(existsSync(weights) ? readFileSync(weights) : adapter);
  }
  return `${model}-${hash.digest("hex").slice(0, 8)}`;
}
