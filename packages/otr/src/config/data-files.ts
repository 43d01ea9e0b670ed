/** @file Which files a data set consists of: one file, those of a pattern, or those of a split of a folder. */
import { dirname, isAbsolute, join } from "node:path";
import { globSync } from "tinyglobby";
import { checkTextFile, missing, namesIn, status } from "./check-paths.js";
import { listWords } from "./describe-options.js";
import { HUB_PREFIX, hubModelName } from "./hub-name.js";

/** The extensions of each format, which any but Parquet may have followed by `.gz`. */
const EXTENSIONS = {
  jsonl: [".jsonl", ".ndjson"],
  json: [".json"],
  csv: [".csv"],
  tsv: [".tsv"],
  parquet: [".parquet"],
  text: [".txt"],
} as const;

/** The formats of data files, by the names that the code gives them. */
export type DataFormatName = keyof typeof EXTENSIONS;

/** Files that nothing here reads, and what to do about them. */
const UNREAD: Readonly<Record<string, string>> = {
  ".arrow": "Write it as Parquet: datasets.Dataset.from_file(...).to_parquet(...).",
  ".zst": "Decompress it first (zstd -d).",
  ".bz2": "Decompress it first (bunzip2).",
  ".xz": "Decompress it first (unxz).",
  ".zip": "Unpack it first (unzip).",
  ".tar": "Unpack it first (tar -x).",
  ".xlsx": "Save the sheet as CSV.",
  ".pkl": "Write its rows as JSONL; pickled files can run code when they are opened.",
};

/** The names under which people keep each split of a data set in a folder. */
const SPLITS = {
  train: ["train", "training"],
  valid: ["valid", "validation", "val", "dev"],
  test: ["test"],
} as const;

/** The part of a data set that is meant. */
export type Split = keyof typeof SPLITS;

/** More files than this are a pattern that catches too much. */
const MOST_FILES = 10_000;

/** The format that a file's name tells; JSONL where it tells none, as of a pipe. */
export function formatOfFile(path: string): DataFormatName {
  const formats = Object.keys(EXTENSIONS) as DataFormatName[];
  const name = withoutCompression(path);
  return (
    formats.find((format) => EXTENSIONS[format].some((extension) => name.endsWith(extension))) ?? "jsonl"
  );
}

function withoutCompression(path: string): string {
  return path.toLowerCase().replace(/\.gz$/, "");
}

/** The split that a word means: `validation` is `valid`; null for other words. */
export function splitOf(word: string): Split | null {
  const splits = Object.keys(SPLITS) as Split[];
  return splits.find((split) => (SPLITS[split] as readonly string[]).includes(word)) ?? null;
}

/** Files that follow each other, or what is wrong and what to do. */
export type FoundFiles = { readonly files: readonly string[] } | { readonly problem: string };

/**
 * Finds the files of a data set.
 * @param path a file, a pattern such as `data/*.jsonl`, or a folder
 * @param split which files of a folder: those named `train.jsonl`, `train-00000-of-00002.parquet` and the like
 */
export function findDataFiles(path: string, split: Split): FoundFiles {
  if (isFolder(path)) return filesOfFolder(path, split);
  if (status(path) !== null) return checked([path]);
  if (isPattern(path)) return filesOfPattern(path);
  const parts = path.split(",");
  if (parts.length > 1 && parts.every((part) => status(part) !== null)) {
    return {
      problem: `${path} are several files. Give each by itself: repeat the option, or write a list in YAML.`,
    };
  }
  if (path.startsWith(HUB_PREFIX)) {
    return {
      problem: `${path} names no data set of the Hub. Give ${HUB_PREFIX}ORG/NAME, and a part of it by name and split.`,
    };
  }
  return { problem: missing(path, "a data file") };
}

/** The id of the data set of the Hub that a path means; null where it is local, as `hubModelName` tells them apart. */
export function hubDatasetId(path: string): string | null {
  // A mistyped file is not looked for on the Hub.
  const name = hasDataExtension(path) || status(path) !== null ? null : hubModelName(path);
  return name?.file === null ? name.id : null;
}

/** Whether a path is a folder that holds files of a split. */
export function hasSplit(path: string, split: Split): boolean {
  if (!isFolder(path)) return false;
  return dataFolders(path).some((folder) => namesOfSplit(folder, split).length > 0);
}

/** Whether a path is a folder that is there. */
export const isFolder = (path: string): boolean => status(path)?.isDirectory() ?? false;

const isPattern = (path: string): boolean => /[*?{[]/.test(path);

function filesOfPattern(pattern: string): FoundFiles {
  const files = globSync(pattern, { expandDirectories: false, absolute: isAbsolute(pattern) }).sort();
  if (files.length === 0) {
    const nearest = firstExisting(dirname(pattern));
    return { problem: `no file matches ${pattern}. Give a pattern that matches files${inFolder(nearest)}.` };
  }
  if (files.length > MOST_FILES) {
    return { problem: `${pattern} matches ${files.length} files. Give a pattern that matches fewer.` };
  }
  return checked(files);
}

function firstExisting(folder: string): string | null {
  const plain = folder.split("/").findIndex((part) => isPattern(part));
  const fixed = plain < 0 ? folder : folder.split("/").slice(0, plain).join("/") || ".";
  return status(fixed)?.isDirectory() ? fixed : null;
}

function inFolder(folder: string | null): string {
  if (folder === null) return " (relative paths start at the folder that this program was started in)";
  const names = (namesIn(folder) ?? []).slice(0, 3);
  return names.length === 0 ? ` (${folder} is empty)` : `; ${folder} holds ${listWords(names, "and")}`;
}

function filesOfFolder(folder: string, split: Split): FoundFiles {
  if (namesIn(folder) === null)
    return { problem: `the folder ${folder} cannot be read. Check its permissions.` };
  const [found, other] = dataFolders(folder).filter((candidate) => namesOfSplit(candidate, split).length > 0);
  if (found === undefined) return { problem: withoutSplit(folder, split) };
  if (other !== undefined) {
    const both = [found, other].map((candidate) => join(candidate, namesOfSplit(candidate, split)[0]!));
    return {
      problem: `${folder} holds ${listWords(both, "and")}, which both could be meant. Give the one file to read.`,
    };
  }
  const names = namesOfSplit(found, split);
  const stems = [...new Set(names.map(stemOf))];
  if (stems.length > 1) {
    return {
      problem: `${found} holds ${listWords(names.slice(0, 4), "and")}, which all could be meant. Give the one file to read.`,
    };
  }
  const lost = missingShard(names);
  if (lost !== null) return { problem: `${found} lacks ${lost}, a part of the data set. Fetch it again.` };
  return checked(names.map((name) => join(found, name)));
}

/** Repositories of the Hub keep their files in `data`. */
function dataFolders(folder: string): string[] {
  return [folder, join(folder, "data")].filter((candidate) => status(candidate)?.isDirectory());
}

const SHARD = /-(\d{5})-of-(\d{5})(?=\.)/;

/** The files of a split in a folder: `train.EXTENSION`, or its numbered parts. */
function namesOfSplit(folder: string, split: Split): string[] {
  const names = (namesIn(folder) ?? []).filter((name) => hasDataExtension(name)).sort();
  return names.filter((name) => (SPLITS[split] as readonly string[]).includes(plainStem(name)));
}

/** Whether a name is that of a data file in one of the formats. */
export const hasDataExtension = (name: string): boolean =>
  Object.values(EXTENSIONS)
    .flat()
    .some((extension) => withoutCompression(name).endsWith(extension));

/** `train` of `train-00000-of-00002.parquet`. */
function plainStem(name: string): string {
  return withoutCompression(name)
    .replace(SHARD, "")
    .replace(/\.[^.]*$/, "");
}

/** What tells the files of one data set from those of another: the name without its number. */
const stemOf = (name: string): string => withoutCompression(name).replace(SHARD, "");

function missingShard(names: readonly string[]): string | null {
  const match = SHARD.exec(names[0] ?? "");
  if (match === null) return null;
  const total = Number(match[2]);
  const expected = (shard: number) =>
    names[0]!.replace(SHARD, `-${String(shard).padStart(5, "0")}-of-${match[2]}`);
  // A number too large to be one of files would be counted up in vain.
  if (total > MOST_FILES) return null;
  for (let shard = 0; shard < total; shard++) if (!names.includes(expected(shard))) return expected(shard);
  return null;
}

function withoutSplit(folder: string, split: Split): string {
  const others = (Object.keys(SPLITS) as Split[]).filter((other) => hasSplit(folder, other));
  const wanted = `${folder} has no file of the split ${split} (${split}.jsonl, ${split}.parquet and the like)`;
  if (others.length > 0)
    return `${wanted}; it has ${listWords(others, "and")}. Name the split, or give a file.`;
  const names = (namesIn(folder) ?? []).filter(hasDataExtension).sort();
  if (names.length === 0) return `${wanted}, and no data file at all. Give a folder that has one, or a file.`;
  const patterns = new Set(names.map((name) => join(folder, `*${/\.[^.]*?(\.gz)?$/i.exec(name)![0]}`)));
  return `${wanted}. Rename a file, or give the files themselves: ${listWords([...patterns].sort())}.`;
}

function checked(files: readonly string[]): FoundFiles {
  for (const file of files) {
    const problem = checkDataFile(file);
    if (problem !== null) return { problem };
  }
  return { files };
}

function checkDataFile(path: string): string | null {
  const unread = Object.keys(UNREAD).find((extension) => path.toLowerCase().endsWith(extension));
  if (unread !== undefined) return `${path} is a ${unread} file, which is not read. ${UNREAD[unread]}`;
  if (/\.parquet\.gz$/i.test(path)) return `${path} is compressed twice. Decompress it first (gzip -d).`;
  return checkTextFile(path);
}
