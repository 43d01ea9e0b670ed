import { existsSync } from "node:fs";
import { join } from "node:path";
import { locateBaseModel, otherBaseNotes } from "./adapter-base.js";
import { isAdapterFolder } from "./adapter-files.js";
import { type LocateModelOptions, locateAdapter, locateModelOrAdapter } from "./locate-model.js";

/** Where the parts of a model lie. */
export interface FoundModel {
  readonly model: string;
  readonly adapters: readonly string[];
  /** The folder of its tokenizer: the adapter's that was named, where it has one. */
  readonly tokenizer: string;
  /** Sentences for the person. */
  readonly notes: readonly string[];
}

/**
 * The parts of what was named: a model, or an adapter, which names its model; each a folder or an id of the Hub.
 *
 * @param adapters further ones, which are used in turn
 * @param options of what was named; the model that an adapter names is taken from the revision that it names too, or from
 *   `main` like further adapters
 * @throws {DataError} `ADAPTER_NOT_FOUND`, `ADAPTER_CONFIG_INVALID`; as `locateBaseModel` and `locateModel` do
 */
export async function findModel(
  nameOrPath: string,
  adapters: readonly string[] = [],
  options: LocateModelOptions = {},
): Promise<FoundModel> {
  const { revision: _, ...ofOthers } = options;
  const named = await locateModelOrAdapter(nameOrPath, options);
  const isAdapter = isAdapterFolder(named.path);
  const base = isAdapter ? await locateBaseModel(named.path, ofOthers) : named;
  const located = [named, base];
  for (const adapter of adapters) located.push(await locateAdapter(adapter, ofOthers));
  const further = located.slice(2).map(({ path }) => path);
  const used = isAdapter ? [named.path, ...further] : further;
  const others = await Promise.all(used.map((adapter) => otherBaseNotes(adapter, base)));
  return {
    model: base.path,
    adapters: used,
    tokenizer: existsSync(join(named.path, "tokenizer.json")) ? named.path : base.path,
    notes: [...new Set([...located.flatMap(({ notes }) => notes), ...others.flat()])],
  };
}

/** The folder of the tokenizer that an adapter is used with: its own, which may have further tokens, where it has one. */
export const tokenizerOfAdapter = (adapter: string, found: Pick<FoundModel, "tokenizer">): string =>
  existsSync(join(adapter, "tokenizer.json")) ? adapter : found.tokenizer;
