/** @file The base model of an adapter: where it is, and whether another model takes its place. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { checkModel } from "../config/check-model.js";
import { hubModelName } from "../config/hub-name.js";
import { DataError } from "../errors.js";
import { ADAPTER_CONFIG, type AdapterBase, baseModelOf, readAdapterConfig } from "./adapter-files.js";
import { hubNameOf, type LocatedModel, type LocateModelOptions, locateModel } from "./locate-model.js";
import { modelFingerprint } from "./model-fingerprint.js";

/**
 * The base model that an adapter names, with a note that says which it is.
 *
 * @param adapter the adapter's folder
 * @param options of the base model; a `revision` other than `main` takes the place of the one that the adapter names
 * @throws {DataError} `ADAPTER_BASE_UNKNOWN` where it names none, `ADAPTER_BASE_UNUSABLE` where there is none at the path
 *   that it names; as `readAdapterConfig` and `locateModel` do
 */
export async function locateBaseModel(
  adapter: string,
  { revision = "main", ...options }: LocateModelOptions = {},
): Promise<LocatedModel> {
  const named = baseModelOf(adapter, await readAdapterConfig(adapter));
  const { nameOrPath } = named;
  const config = join(adapter, ADAPTER_CONFIG);
  const problem = checkModel(nameOrPath);
  if (problem !== null) {
    throw new DataError(
      "ADAPTER_BASE_UNUSABLE",
      `${config} names the base model ${nameOrPath}, but ${problem} Where the base model is somewhere else, name it as the ` +
        "model, and this folder as adapter_name_or_path",
    );
  }
  const located = await locateModel(nameOrPath, {
    ...options,
    revision: revision === "main" ? named.revision : revision,
  });
  return { ...located, notes: [...located.notes, `The base model is ${nameOrPath}, as ${config} says.`] };
}

/**
 * What to say where an adapter is used with another model than the one it names or was trained with, or where that cannot
 * be told. A model of the same shape takes any adapter, and computes nonsense with it.
 *
 * @param adapter the adapter's folder
 * @param model the model that it is used with
 * @throws {DataError} as `readAdapterConfig` does
 */
export async function otherBaseNotes(
  adapter: string,
  model: Pick<LocatedModel, "path" | "origin">,
): Promise<string[]> {
  const config = await readAdapterConfig(adapter);
  if (!config.baseModel) return [];
  const named = baseModelOf(adapter, config);
  const recorded = recordedBase(adapter);
  // A model of the Hub is told by its commit, and may be here without its weights.
  const isChanged =
    recorded === null || model.origin !== null ? null : modelFingerprint(model.path) !== recorded;
  if (isChanged === false) return [];
  if (isSameModel(named, model)) return isChanged === null ? [] : [changedNote(adapter, model.path)];
  const used = model.origin === null ? model.path : `${hubNameOf(model.origin)} at ${model.origin.commit}`;
  const revision = config.baseRevision === null ? "" : ` at ${config.baseRevision}`;
  return [
    `The adapter ${adapter} was made for ${named.nameOrPath}${revision}, and is used with ${used}: it computes what it ` +
      "learned only where the two have the same weights.",
  ];
}

const changedNote = (adapter: string, base: string): string =>
  `The weights of ${base} are not those that the adapter ${adapter} was trained with, as the run.json beside it tells: what it ` +
  "computes is probably worth nothing. Use the model as it was, or train the adapter anew.";

const recordSchema = z.looseObject({ fingerprints: z.looseObject({ base_model: z.string() }) });

/** What the run that made an adapter recorded as its base model's fingerprint; null where it did not. */
function recordedBase(adapter: string): string | null {
  // While a later run into the folder has not ended well, the adapter is that of the one before.
  const names = ["run.previous.json", "run.json"].map((name) => join(adapter, name));
  const path = names.find((name) => existsSync(name));
  if (path === undefined) return null;
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, "utf8"))).fingerprints.base_model;
  } catch {
    return null;
  }
}

function isSameModel(
  { nameOrPath, revision }: AdapterBase,
  { path, origin }: Pick<LocatedModel, "path" | "origin">,
): boolean {
  if (existsSync(nameOrPath)) return existsSync(path) && realpathSync(nameOrPath) === realpathSync(path);
  const named = hubModelName(nameOrPath);
  if (named === null || origin === null) return false;
  const isSameFile = named.id === origin.repository && named.file === (origin.file ?? null);
  // A branch may have moved since; a commit has not.
  return isSameFile && (revision === origin.revision || revision === origin.commit || !isCommit(revision));
}

const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);
