/** @file Names of the Hugging Face Hub as options hold them: syntax alone, nothing is looked up on the Hub. */
import { existsSync } from "node:fs";

/** A model of the Hub, or one file of it. */
export interface HubModelName {
  /** `org/name`. */
  readonly id: string;
  /** The path of a GGUF file in the repository; null stands for the model folder. */
  readonly file: string | null;
}

/** Says that a name is the Hub's where a folder here is called like it. */
export const HUB_PREFIX = "hf://";

const LONGEST_ID = 96;

/**
 * Whether `id` is `name` or `org/name` by the Hub's rules: letters, digits, `-`, `_` and `.`, neither first nor last a
 * hyphen or dot, no `--` or `..`, no `.git` at the end, at most 96 characters.
 */
export function isRepositoryId(id: string): boolean {
  const parts = id.split("/");
  if (parts.length > 2 || id.length > LONGEST_ID || id.endsWith(".git")) return false;
  return parts.every((part) => /^\w(?:[\w.-]*\w)?$/.test(part) && !/--|\.\./.test(part));
}

/**
 * The model of the Hub that `name` means: `org/name`, `org/name/file.gguf`, or either behind `hf://`. Null where it is a
 * local path: one that exists, or in whose place a folder exists, so that a mistyped path is not looked for on the Hub.
 */
export function hubModelName(name: string): HubModelName | null {
  const isExplicit = name.startsWith(HUB_PREFIX);
  const [organization = "", repository = "", ...path] = name
    .slice(isExplicit ? HUB_PREFIX.length : 0)
    .split("/");
  const id = `${organization}/${repository}`;
  if (repository === "" || !isRepositoryId(id)) return null;
  if (path.length > 0 && !isGgufPath(path)) return null;
  if (!isExplicit && existsSync(organization)) return null;
  return { id, file: path.length > 0 ? path.join("/") : null };
}

function isGgufPath(path: readonly string[]): boolean {
  const isPlain = path.every((part) => part !== "" && part !== "." && part !== "..");
  return isPlain && /\.gguf$/i.test(path.at(-1)!);
}

/** Whether `revision` can be a branch, a tag or a commit hash, and a path below a folder. */
export function isRevision(revision: string): boolean {
  return (
    /^\w[\w.+@#-]*(?:\/\w[\w.+@#-]*)*$/.test(revision) && !revision.includes("..") && revision.length <= 200
  );
}
