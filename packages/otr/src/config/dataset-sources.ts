/** @file The sources of a data set: what `dataset` and `eval_dataset` say, in one shape. */
import { z } from "zod";
import {
  findDataFiles,
  formatOfFile,
  hasSplit,
  hubDatasetId,
  isFolder,
  type Split,
  splitOf,
} from "./data-files.js";
import { counted } from "./format-value.js";
import { isRevision } from "./hub-name.js";
import type { Mistake, NameWriter } from "./option-set.js";

const column = z.string().min(1).optional();

/** The columns of a file that stand for those of a row form: `{ prompt: "question" }`. */
export const columnMapping = z.strictObject({
  prompt: column,
  completion: column,
  messages: column,
  text: column,
  tools: column,
  conversations: column,
  instruction: column,
  input: column,
  output: column,
  system: column,
  question: column,
  answer: column,
});

/** Which columns stand for those of a form. */
export type ColumnMapping = z.output<typeof columnMapping>;

const dataSource = z.strictObject({
  path: z.string().min(1),
  weight: z.number().gt(0).max(1e9).optional(),
  split: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  revision: z.string().min(1).optional(),
  columns: columnMapping.optional(),
});

/** A source as it is written: a path, or an object with what belongs to it. */
export type WrittenSource = string | z.output<typeof dataSource>;

/** One source, or several that are mixed. A schema of its own for each option, whose words belong to it alone. */
export const datasetOption = () =>
  z.union([
    z.string().min(1),
    dataSource,
    z
      .array(z.union([z.string().min(1), dataSource]))
      .min(1)
      .max(1000),
  ]);

/** What a set of evaluation rows may be called: a part of the names of its metrics. */
const setName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/)
  .refine((name) => !(name in dataSource.shape));

/** One data set as {@link datasetOption} takes it, or several by name; an object with `path` is a source. */
export const evalDatasetOption = () =>
  z.union([
    ...datasetOption().options,
    z
      .record(setName, datasetOption())
      .refine((sets) => Object.keys(sets).length > 0 && Object.keys(sets).length <= 100),
  ]);

/** Evaluation rows as `eval_dataset` takes them. */
export type EvalDatasetOption = z.output<ReturnType<typeof evalDatasetOption>>;

/** A set of evaluation rows. */
export interface NamedDataset {
  /** Null: the only set, which has no name. */
  readonly name: string | null;
  readonly written: DatasetOption;
}

/** The sets of evaluation rows that an option names, in order. */
export function evaluationSets(written: EvalDatasetOption): NamedDataset[] {
  if (!isNamed(written)) return [{ name: null, written }];
  return Object.entries(written).map(([name, set]) => ({ name, written: set }));
}

/** The sources of all sets, as one data set. */
export const joinedSets = (written: EvalDatasetOption): DatasetOption =>
  evaluationSets(written).flatMap((set) => writtenSources(set.written));

const isNamed = (written: EvalDatasetOption): written is Record<string, DatasetOption> =>
  typeof written === "object" && !Array.isArray(written) && !("path" in written);

/** A data set as `dataset` takes it: one source, or several that are mixed. */
export type DatasetOption = z.output<ReturnType<typeof datasetOption>>;

/** A source with everything said. */
export interface DatasetSource {
  readonly path: string;
  /** Its share of the mixture before all are made to add up to 1; null for all: every row is taken. */
  readonly weight: number | null;
  readonly split: Split;
  /** Whether the person has named the split. */
  readonly namesSplit: boolean;
  /** The subset of a data set of the Hub; null: its default one. */
  readonly name: string | null;
  /** The branch, tag or commit of a data set of the Hub. */
  readonly revision: string;
  /** Null: the file's own names. */
  readonly columns: ColumnMapping | null;
}

/**
 * The sources of a data set.
 * @param columns the mapping of sources that have none of their own
 */
export function datasetSources(
  written: DatasetOption,
  defaults: { readonly split: Split; readonly columns: ColumnMapping | null },
): DatasetSource[] {
  return writtenSources(written).map((source) => {
    const {
      path,
      weight = null,
      split,
      name = null,
      revision = "main",
      columns = defaults.columns,
    } = asObject(source);
    return {
      path,
      weight,
      split: splitOf(split ?? defaults.split) ?? defaults.split,
      namesSplit: split !== undefined,
      name,
      revision,
      columns,
    };
  });
}

/** What messages call the sources. */
export function nameSources(written: DatasetOption): string {
  return writtenSources(written)
    .map((source) => asObject(source).path)
    .join(", ");
}

const writtenSources = (written: DatasetOption): readonly WrittenSource[] =>
  Array.isArray(written) ? written : [written];

const asObject = (source: WrittenSource) => (typeof source === "string" ? { path: source } : source);

/**
 * The evaluation rows that lie beside the training rows: those of the folders' split `valid`, or null where a source
 * has none.
 */
export function validationBeside(written: DatasetOption): DatasetOption | null {
  const sources = writtenSources(written).map(asObject);
  if (!sources.every(({ path }) => hasSplit(path, "valid"))) return null;
  return sources.map(({ path, columns }) => ({ path, split: "valid", ...(columns && { columns }) }));
}

/** What is wrong with the sources that an option names. */
export function sourceMistakes(
  key: string,
  written: DatasetOption,
  defaultSplit: Split,
  name: NameWriter,
): Mistake[] {
  const sources = writtenSources(written).map(asObject);
  const mistakes = sources.flatMap(({ path, split, name: subset, revision }) => {
    if (split !== undefined && splitOf(split) === null) {
      return [
        {
          key,
          message: `found the split ${JSON.stringify(split)} of ${path}, but needs train, valid or test.`,
        },
      ];
    }
    if (hubDatasetId(path) !== null) {
      if (revision === undefined || isRevision(revision)) return [];
      const found = JSON.stringify(revision);
      return [
        {
          key,
          message: `found the revision ${found}, but needs a branch, a tag or a commit hash of ${path}.`,
        },
      ];
    }
    const found = findDataFiles(path, splitOf(split ?? defaultSplit) ?? defaultSplit);
    if ("problem" in found) return [{ key, message: found.problem }];
    if (subset !== undefined || revision !== undefined) {
      const option = name(subset === undefined ? "revision" : "name", "field");
      return [
        {
          key,
          message: `${path} is a local path, and only data sets of the Hub have a ${option}. Remove it.`,
        },
      ];
    }
    // Whether a JSON document has splits shows when it is read.
    const mayHaveSplits = isFolder(path) || found.files.every((file) => formatOfFile(file) === "json");
    if (split !== undefined && !mayHaveSplits) {
      const what = found.files.includes(path) ? "is a file, which has" : "names files, which have";
      return [
        {
          key,
          message: `${path} ${what} no splits. Remove ${name("split", "field")}, or give the folder.`,
        },
      ];
    }
    return [];
  });
  const weighted = sources.filter(({ weight }) => weight !== undefined).length;
  if (weighted > 0 && weighted < sources.length) {
    mistakes.push({
      key,
      message:
        `found a weight for ${weighted} of ${counted(sources.length, "source")}, so that the shares of the others are ` +
        "unknown. Give one to each, or to none.",
    });
  }
  return mistakes;
}
