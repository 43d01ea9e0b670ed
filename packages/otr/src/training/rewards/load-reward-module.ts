import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DataError } from "../../errors.js";
import type { RewardFunction } from "./reward.js";

/**
 * The default export of a module of the person's own. It runs with all rights of this program: what is named in
 * `reward_funcs` is code.
 *
 * @throws {DataError} `REWARD_MODULE_INVALID`
 */
export async function loadRewardModule(path: string): Promise<RewardFunction> {
  const module = await importModule(path);
  const { default: found } = module;
  if (typeof found === "function") return found as RewardFunction;
  throw invalid(
    `${path} exports no function by default; write "export default ({ completions, references }) => completions.map(...)"`,
  );
}

async function importModule(path: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`the reward functions of ${path} cannot be loaded: ${reason}`, error);
  }
}

const invalid = (message: string, cause?: unknown): DataError =>
  new DataError("REWARD_MODULE_INVALID", message, { cause });
