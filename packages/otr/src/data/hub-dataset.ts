/** @file Which files of a data set of the Hugging Face Hub are meant, and where they lie once they are here. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { closest } from "../config/closest.js";
import { hasDataExtension, type Split, splitOf } from "../config/data-files.js";
import { listWords } from "../config/describe-options.js";
import { DataError } from "../errors.js";

/** A data set of the Hub at one commit. */
export interface HubDataset {
  /** Every file of the repository, its parts set apart by `/`. */
  readonly paths: readonly string[];
  /** Sentences for the person. */
  readonly notes: readonly string[];
  /** Brings some of the files here; returns where each of them lies. */
  fetch(paths: readonly string[]): Promise<readonly string[]>;
}

/** Finds a data set of the Hub by its id (`org/name`) and a branch, a tag or a commit. */
export type OpenHubDataset = (id: string, revision: string) => Promise<HubDataset>;

/** Files of a data set, and sentences for the person. */
export interface FetchedFiles {
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/** Which part of a data set of the Hub is meant. */
export interface HubSelection {
  readonly id: string;
  readonly revision: string;
  /** The subset, which the Hub calls configuration; null: the default one. */
  readonly name: string | null;
  readonly split: Split;
}

/**
 * Brings the files of a subset and split here.
 * @throws DataError `HUB_DATASET_FILES` where the repository has no such subset or split, or no data that is read
 */
export async function fetchHubDataset(selection: HubSelection, open: OpenHubDataset): Promise<FetchedFiles> {
  const dataset = await open(selection.id, selection.revision);
  const [card] = dataset.paths.includes("README.md") ? await dataset.fetch(["README.md"]) : [];
  const subsets = card === undefined ? [] : readSubsets(readFileSync(card, "utf8"));
  const files = await dataset.fetch(chooseFiles(selection, dataset.paths, subsets));
  return { files, notes: dataset.notes };
}

/** A subset as the card of a data set describes it. */
interface Subset {
  readonly name: string;
  readonly isDefault: boolean;
  /** Patterns of the files of each split; null: the files' names tell. */
  readonly files: Readonly<Partial<Record<Split, readonly string[]>>> | null;
}

const patterns = z.union([z.string(), z.array(z.string())]);
const cardSchema = z.looseObject({
  configs: z.array(
    z.looseObject({
      config_name: z.string(),
      default: z.boolean().optional(),
      data_files: z
        .union([patterns, z.array(z.looseObject({ split: z.string(), path: patterns }))])
        .optional(),
    }),
  ),
});

/** The subsets that a card names in its YAML; none where it does not, or cannot be read. */
function readSubsets(card: string): Subset[] {
  const [, front = ""] = /^---\r?\n(.*?)\r?\n---/s.exec(card) ?? [];
  const read = cardSchema.safeParse(parsedYaml(front));
  if (!read.success) return [];
  return read.data.configs.map(
    ({ config_name: name, default: isDefault = name === "default", data_files: files }) => ({
      name,
      isDefault,
      files: files === undefined ? null : filesBySplit(files),
    }),
  );
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

type DataFiles =
  | string
  | readonly (string | { readonly split: string; readonly path: string | readonly string[] })[];

function filesBySplit(files: DataFiles): Partial<Record<Split, string[]>> {
  const found: Partial<Record<Split, string[]>> = {};
  for (const entry of [files].flat()) {
    const { split, path } = typeof entry === "string" ? { split: "train", path: entry } : entry;
    const known = splitOf(split);
    if (known !== null) found[known] = [...(found[known] ?? []), ...[path].flat()];
  }
  return found;
}

/** The files of the subset and split that are meant. */
function chooseFiles(
  selection: HubSelection,
  paths: readonly string[],
  subsets: readonly Subset[],
): string[] {
  const data = paths.filter(hasDataExtension);
  if (data.length === 0) {
    throw unfit(
      selection,
      "has no data files that are read; for many data sets the Hub keeps a Parquet copy (revision refs/convert/parquet)",
    );
  }
  const subset = chooseSubset(selection, subsets);
  const listed = subset?.files ?? null;
  const wild = listed?.[selection.split]?.find(
    (pattern) => (pattern.match(/\*+/g)?.length ?? 0) > MOST_WILDCARDS,
  );
  if (wild !== undefined)
    throw unfit(selection, `names its files by ${JSON.stringify(wild)}, a pattern with too many *`);
  const folder = listed === null && selection.name !== null ? `${selection.name}/` : "";
  const files =
    listed === null
      ? filesByName(
          data.filter((path) => path.startsWith(folder)),
          selection.split,
        )
      : data.filter((path) => (listed[selection.split] ?? []).some((pattern) => matches(path, pattern)));
  if (files.length > 0) return files.sort();
  const splits = listed === null ? "" : `; it has ${listWords(Object.keys(listed), "and")}`;
  const part = selection.name === null ? "" : ` in the subset ${selection.name}`;
  throw unfit(selection, `has no files of the split ${selection.split}${part}${splits}`);
}

function chooseSubset(selection: HubSelection, subsets: readonly Subset[]): Subset | null {
  if (subsets.length === 0) return null;
  const names = subsets.map(({ name }) => name);
  const { name } = selection;
  if (name === null) {
    const found = subsets.length === 1 ? subsets[0] : subsets.find(({ isDefault }) => isDefault);
    if (found !== undefined) return found;
    throw unfit(selection, `has several subsets; name one of ${listWords(names)} as name`);
  }
  const found = subsets.find((subset) => subset.name === name);
  if (found !== undefined) return found;
  const meant = closest(name, names);
  const hint = meant === null ? `it has ${listWords(names, "and")}` : `did you mean ${meant}?`;
  throw unfit(selection, `has no subset ${name}; ${hint}`);
}

/** Files that lie in a folder named after the split, or whose names begin with it; all are for training if none tells. */
function filesByName(paths: readonly string[], split: Split): string[] {
  const splitsOf = paths.map(splitOfPath);
  if (split === "train" && splitsOf.every((found) => found === null)) return [...paths];
  return paths.filter((_, at) => splitsOf[at] === split);
}

function splitOfPath(path: string): Split | null {
  const words = path.split("/").flatMap((part) => part.split(/[-._]/, 1));
  return words.map(splitOf).findLast((found) => found !== null) ?? null;
}

/** Whether a path matches a pattern of a card: `*` within a name, `**` over folders. */
function matches(path: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/|\*\*|\*|\?/g, (wildcard) => WILDCARDS[wildcard] ?? wildcard);
  return new RegExp(`^${source}$`).test(path);
}

/** The time that a match takes grows with their number as an exponent, and the Hub's own patterns have two. */
const MOST_WILDCARDS = 4;

const WILDCARDS: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};

function unfit({ id, revision }: HubSelection, what: string): DataError {
  return new DataError("HUB_DATASET_FILES", `the data set ${id} (revision ${revision}) ${what}`);
}
