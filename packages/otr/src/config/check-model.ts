/** @file What options that name a model may hold: a local folder, or a model of the Hub. */
import { existsSync } from "node:fs";
import { checkAdapterFolder, checkModelFolder, checkModelOrAdapterFolder } from "./check-paths.js";
import { HUB_PREFIX, hubModelName, isRepositoryId } from "./hub-name.js";
import { MODEL_TYPES } from "./model-types.js";
import type { Mistake } from "./option-set.js";

/** What is wrong with a local model; null where it is sound, or where the name is one of the Hub. */
export const checkModel = (nameOrPath: string): string | null => unlessOfHub(nameOrPath, checkModelFolder);

/** The same for an adapter. */
export const checkAdapter = (nameOrPath: string): string | null =>
  unlessOfHub(nameOrPath, checkAdapterFolder);

/** The same for either. */
export const checkModelOrAdapter = (nameOrPath: string): string | null =>
  unlessOfHub(nameOrPath, checkModelOrAdapterFolder);

function unlessOfHub(nameOrPath: string, check: (path: string) => string | null): string | null {
  if (hubModelName(nameOrPath) !== null) return null;
  const mistake = check(nameOrPath);
  return mistake === null || existsSync(nameOrPath) ? mistake : `${mistake}${hubAdvice(nameOrPath)}`;
}

/** What to write where a model of the Hub may be meant by what is no id. */
function hubAdvice(name: string): string {
  const explicit = `${HUB_PREFIX}${name}`;
  if (hubModelName(explicit) !== null) {
    return ` ${name.split("/")[0]} is a folder here; if the model of the Hub is meant, write ${explicit}.`;
  }
  const bare = name.replace(HUB_PREFIX, "");
  if (isRepositoryId(bare) && !bare.includes("/")) {
    return (
      ` Ids of the Hub are written with their organization: org/${bare}. Models of these types work (model_type in ` +
      `config.json): ${MODEL_TYPES.join(", ")}.`
    );
  }
  const [id = "", file] = name.split(":");
  const isQuantized = file !== undefined && hubModelName(`${HUB_PREFIX}${id}`) !== null;
  return isQuantized ? ` A GGUF file of the Hub is written ${id}/FILE.gguf.` : "";
}

/** The mistake of a `modelRevision` that is given with a local model, which has no revisions. */
export function revisionOfLocalModel(modelKey: string, nameOrPath: string, revision: string): Mistake[] {
  if (revision === "main" || !existsSync(nameOrPath)) return [];
  return [
    {
      key: "modelRevision",
      withoutEffectBecauseOf: modelKey,
      message:
        `has no effect: ${nameOrPath} is a local path, and only models of the Hub have revisions. ` +
        "Remove it, or give the model's Hub id.",
    },
  ];
}
