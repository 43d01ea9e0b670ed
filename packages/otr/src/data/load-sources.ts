/** @file The rows of all sources of a data set, one behind the other or mixed by weight. */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { findDataFiles, hubDatasetId, isFolder } from "../config/data-files.js";
import type { DatasetSource } from "../config/dataset-sources.js";
import { DataError } from "../errors.js";
import { countSupervised } from "./encoded-row.js";
import { exampleRows } from "./example-rows.js";
import { type FetchedFiles, fetchHubDataset, type OpenHubDataset } from "./hub-dataset.js";
import { type Dataset, loadDataset, type LoadDatasetOptions } from "./load-dataset.js";
import { mixtureCounts } from "./mixture-counts.js";
import { MixedRows } from "./mixed-rows.js";
import { epochOrder } from "./sampling-order.js";
import { joinFingerprints } from "./token-cache.js";
import type { TokenRows } from "./token-store.js";

/** What to read and mix, and how. */
export interface LoadSourcesOptions extends Omit<LoadDatasetOptions, "path" | "split" | "columns"> {
  readonly sources: readonly DatasetSource[];
  /** Decides which rows of a source take part in a mixture by weight. */
  readonly seed: number;
  /** How data sets of the Hub are found. Default: null, they are not. */
  readonly openHubDataset?: OpenHubDataset | null;
}

/** The rows of all sources, and the sum of their summaries. */
export type MixedDataset = Omit<Dataset, "form">;

/** Less data than this is encoded in less time than its place in the cache is worth. */
const CACHED_BYTES = 2 ** 20;

/**
 * Loads each source as `loadDataset` does, and puts their rows together. The caller closes them (`rows.close()`).
 * @throws DataError what `loadDataset` throws, and `DATASET_UNREADABLE` for a source whose files are not there
 */
export async function loadSources(options: LoadSourcesOptions): Promise<MixedDataset> {
  const { sources, ...others } = options;
  const datasets: Dataset[] = [];
  try {
    let firstId = 0;
    for (const source of sources) {
      const dataset = await loadSource(source, { ...others, ...numberedReports(others, firstId) });
      datasets.push(dataset);
      firstId += rowsOf(dataset);
    }
    const [first] = datasets;
    return datasets.length === 1 ? first! : await mix(datasets, options);
  } catch (error) {
    await Promise.all(datasets.map(({ rows }) => rows.close()));
    throw error;
  }
}

/** The reports of a source's rows, numbered as in all sources. */
function numberedReports(
  { onRow }: Pick<LoadSourcesOptions, "onRow">,
  firstId: number,
): Pick<LoadSourcesOptions, "onRow"> {
  return onRow === undefined ? {} : { onRow: (report) => onRow({ ...report, id: firstId + report.id }) };
}

const rowsOf = ({ files }: Dataset): number => files.reduce((sum, { rows }) => sum + rows, 0);

async function loadSource(
  source: DatasetSource,
  options: Omit<LoadSourcesOptions, "sources">,
): Promise<Dataset> {
  const { columns, path, namesSplit } = source;
  // Of a folder, or of a data set of the Hub, it has told which files are meant.
  const isNamed = namesSplit && !isFolder(path) && hubDatasetId(path) === null;
  const split = { name: source.split, isNamed };
  const { files, notes } = await filesOf(source, options.openHubDataset ?? null);
  const bytes = files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  const cacheFolder = bytes >= CACHED_BYTES ? (options.cacheFolder ?? null) : null;
  const dataset = await loadDataset({ ...options, path: files, split, columns, cacheFolder });
  // Whoever is given each row sees enough.
  const showsExamples = options.purpose === "training" && options.onRow === undefined;
  const examples = showsExamples ? await exampleRows(dataset.rows, options.tokenizer) : [];
  return { ...dataset, notes: [...notes, ...dataset.notes, ...examples] };
}

async function filesOf(
  { path, split, name, revision }: DatasetSource,
  openHubDataset: OpenHubDataset | null,
): Promise<FetchedFiles> {
  const id = openHubDataset === null ? null : hubDatasetId(path);
  if (openHubDataset !== null && id !== null) {
    return fetchHubDataset({ id, revision, name, split }, openHubDataset);
  }
  const found = findDataFiles(path, split);
  if ("problem" in found) throw new DataError("DATASET_UNREADABLE", found.problem);
  return { files: found.files, notes: [] };
}

async function mix(
  datasets: readonly Dataset[],
  { sources, seed }: Pick<LoadSourcesOptions, "sources" | "seed">,
): Promise<MixedDataset> {
  const weights = sources.flatMap(({ weight }) => weight ?? []);
  const counts = datasets.map(({ rows }) => rows.length);
  const taken = weights.length === sources.length ? mixtureCounts(counts, weights) : counts;
  let firstId = 0;
  const parts = datasets.map((dataset, source) => {
    const { rows } = dataset;
    const part = { rows, chosen: chooseRows(rows.length, taken[source]!, { seed, source }), firstId };
    firstId += rowsOf(dataset);
    return part;
  });
  const summaries = await Promise.all(
    datasets.map((dataset, source) => summaryOf(dataset, parts[source]!.chosen)),
  );
  return {
    rows: new MixedRows(parts),
    usesChatTemplate: datasets.some(({ usesChatTemplate }) => usesChatTemplate),
    summary: summaries.reduce(addSummaries),
    files: datasets.flatMap(({ files }) => files),
    fingerprint: joinFingerprints(datasets.map(({ fingerprint }) => fingerprint)),
    notes: [...datasets.flatMap(({ notes }) => notes), ...mixingNote(sources, counts, taken, weights)],
    warnings: datasets.flatMap(({ warnings }) => warnings),
  };
}

/** Which rows of a source take part: a random choice in the order of the source, or null for all. */
function chooseRows(
  count: number,
  taken: number,
  { seed, source }: { seed: number; source: number },
): Uint32Array | null {
  if (taken === count) return null;
  // Far from the epochs of a run, whose orders come from the same stream.
  return epochOrder(count, { seed, epoch: 2 ** 32 - 1 - source })
    .slice(0, taken)
    .sort();
}

type Summary = Dataset["summary"];

async function summaryOf({ rows, summary }: Dataset, chosen: Uint32Array | null): Promise<Summary> {
  if (chosen === null) return summary;
  const tokens = chosen.reduce((sum, row) => sum + rows.lengths[row]!, 0);
  return { ...summary, rows: chosen.length, tokens, supervisedTokens: await supervisedTokens(rows, chosen) };
}

/** Rows that are read at once to be counted. */
const COUNTED_AT_ONCE = 1000;

async function supervisedTokens(rows: TokenRows, chosen: Uint32Array): Promise<number> {
  let tokens = 0;
  for (let start = 0; start < chosen.length; start += COUNTED_AT_ONCE) {
    const some = await rows.read(chosen.subarray(start, start + COUNTED_AT_ONCE));
    for (const { labels } of some) tokens += countSupervised(labels);
  }
  return tokens;
}

function addSummaries(a: Summary, b: Summary): Summary {
  const sum = { ...a };
  for (const name of Object.keys(sum) as (keyof Summary)[]) sum[name] += b[name];
  return sum;
}

function mixingNote(
  sources: readonly DatasetSource[],
  counts: readonly number[],
  taken: readonly number[],
  weights: readonly number[],
): string[] {
  if (weights.length === 0) return [];
  const parts = sources.map(({ path }, source) => {
    const rows = `${taken[source]!.toLocaleString("en")} of ${counts[source]!.toLocaleString("en")}`;
    return `${rows} rows of ${basename(path)} (weight ${weights[source]})`;
  });
  return [`Mixed by weight: ${parts.join(", ")}. The others are not seen in this run.`];
}
