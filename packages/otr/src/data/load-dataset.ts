/** @file Files of training rows as token ids, with an account of everything that was cut or left out. */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ColumnMapping } from "../config/dataset-sources.js";
import { counted } from "../config/format-value.js";
import { DataError, type Problem } from "../errors.js";
import { type DatasetSummary, describeDataset, emptySummary } from "./dataset-summary.js";
import type { EncodedRow } from "./encoded-row.js";
import {
  accountOfBlock,
  BlockEncoder,
  type EncodedBlock,
  type EncodingOptions,
  type FirstRow,
  findFirstRow,
  type RowReport,
  rowContext,
  type UnreadNames,
} from "./encode-block.js";
import { EncodingWorkers } from "./encoding-workers.js";
import { endTokenError } from "./end-of-turn.js";
import { type RowBlock, TRAIN_SPLIT, type WantedSplit } from "./formats/data-format.js";
import { dataFormatOf } from "./formats/registry.js";
import { MAX_PROBLEMS, rowsError } from "./read-rows.js";
import type { RowFormName } from "./row-forms/registry.js";
import {
  fileFingerprint,
  joinFingerprints,
  markUsed,
  tokenCacheName,
  trimTokenCache,
} from "./token-cache.js";
import { type TokenRows, TokenStore } from "./token-store.js";
import type { Tokenizer } from "./tokenizer.js";
import { isConversation, type TrainingRow } from "./training-row.js";
import { TokenStoreWriter } from "./write-token-store.js";

/** What to read, and how. */
export interface LoadDatasetOptions extends Omit<EncodingOptions, "columns"> {
  /** A data file in any of the formats, or several whose rows follow each other. */
  readonly path: string | readonly string[];
  /** Which columns stand for those of a form. Default: null, the rows' own names are theirs. */
  readonly columns?: ColumnMapping | null;
  /** Which rows of a file are meant that holds several splits. Default: `train`. */
  readonly split?: WantedSplit;
  readonly tokenizer: Tokenizer;
  /** What the rows are for, said in the notes. */
  readonly purpose?: "training" | "evaluation";
  /** A folder in which tokens are kept for the next time. Default: null, none. */
  readonly cacheFolder?: string | null;
  /** Threads that encode. Null or none: as many as there are processors, fewer for a small file. */
  readonly datasetNumProc?: number | null;
  /**
   * Is given a report of each sound row, in order, and may take its time. It takes one thread and no cache, and a data set that never teaches
   * the model to stop is none of its errors.
   */
  readonly onRow?: (row: RowReport) => void | Promise<void>;
  /**
   * Told about a hundred times while files of 1 MiB or more are read and encoded; not at all where the tokens lie in the
   * cache.
   */
  readonly onProgress?: (progress: EncodingProgress) => void;
}

/** How far the files have been encoded, in bytes of the files. */
export interface EncodingProgress {
  /** What the notes call the files. */
  readonly name: string;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Encoded rows, and what was found in their file. */
export interface Dataset {
  readonly rows: TokenRows;
  readonly form: RowFormName;
  /** Whether rows are conversations, which a chat template writes as text. */
  readonly usesChatTemplate: boolean;
  readonly summary: Readonly<DatasetSummary>;
  /** Sentences for the person: what was recognised and left out. */
  readonly notes: readonly string[];
  /** Sentences for the person: what is lost without having been asked for, and what to do. */
  readonly warnings: readonly string[];
  /** SHA-256 of the file, in hexadecimal digits; of several, that of their SHA-256s. */
  readonly fingerprint: string;
  /** The files in order. */
  readonly files: readonly DatasetFile[];
}

/** A file of a data set, and how many rows it holds, those included that are not trained on. */
export interface DatasetFile {
  readonly path: string;
  readonly rows: number;
}

/** Less work than this is not worth the start of a thread, which loads the tokenizer anew. */
const BYTES_OF_A_WORKER = 2 ** 22;

/** Less data than this is encoded before anybody could be told how far it is. */
const SMALLEST_TOLD = 2 ** 20;

/** More of the characters that are lost are not named. */
const MOST_CHARACTERS = 10;

/** What is kept beside the tokens of a data set. */
interface DatasetFacts {
  readonly form: RowFormName;
  readonly kind: TrainingRow["form"];
  readonly lossOn: string;
  readonly unread: UnreadNames;
  readonly summary: DatasetSummary;
  readonly fingerprint: string;
  /** Rows of each file. */
  readonly fileRows: readonly number[];
}

/** The options with what was left out filled in. */
interface Loading extends LoadDatasetOptions {
  readonly columns: ColumnMapping | null;
  readonly split: WantedSplit;
  readonly paths: readonly string[];
  /** What notes and errors call the files. */
  readonly name: string;
  /** Bytes of all files; 0 of a pipe. */
  readonly totalBytes: number;
}

/**
 * Reads, checks and encodes a data set. Its rows lie in a file, which the caller closes (`rows.close()`).
 * @throws DataError with up to ten mistakes of the files at once, each with its place (`DATASET_ROWS`); for files that
 * cannot be read or hold nothing to learn; for a chat template that is missing or broken; where no row could ever
 * teach the model to stop (`END_TOKEN_UNTRAINED`); and where its tokens cannot be written (`TOKENS_NOT_WRITTEN`)
 */
export async function loadDataset(input: LoadDatasetOptions): Promise<Dataset> {
  const options = loadingOf(input);
  const { paths, tokenizer, cacheFolder = null } = options;
  // What is no ordinary file, such as a pipe, cannot be read twice.
  const areFiles = paths.every((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  if (cacheFolder === null || options.onRow !== undefined || !areFiles)
    return encodeInto(options, tmpdir(), null);

  const formats = paths.map((path) => {
    const { title, holdsSplits } = dataFormatOf(path);
    return holdsSplits ? `${title} ${JSON.stringify(options.split)}` : title;
  });
  const nameOf = (fingerprint: string) => tokenCacheName(fingerprint, formats, tokenizer, options);
  const fingerprints: string[] = [];
  for (const path of paths) fingerprints.push(await readableFingerprint(path));
  const cached = join(cacheFolder, nameOf(joinFingerprints(fingerprints)));
  const store = await TokenStore.open(cached);
  if (store !== null) {
    await markUsed(cached);
    return describe(options, store, store.description as DatasetFacts);
  }
  try {
    // The file may have changed since its first reading, so that its name follows from the second.
    const place = (fingerprint: string) => join(cacheFolder, nameOf(fingerprint));
    const dataset = await encodeInto(options, cacheFolder, place);
    await trimTokenCache(cacheFolder, nameOf(dataset.fingerprint)).catch(() => {});
    return dataset;
  } catch (error) {
    if (!(error instanceof DataError && error.code === "TOKENS_NOT_WRITTEN")) throw error;
    const dataset = await encodeInto(options, tmpdir(), null);
    const note = `The tokens could not be kept in ${cacheFolder} for the next time: ${reasonOf(error.cause)}.`;
    return { ...dataset, notes: [...dataset.notes, note] };
  }
}

function loadingOf(options: LoadDatasetOptions): Loading {
  const paths = [options.path].flat();
  const [first] = paths;
  if (first === undefined) throw new DataError("DATASET_EMPTY", "no data file is given; give one at least");
  const name = paths.length === 1 ? first : `${first} and ${counted(paths.length - 1, "more file")}`;
  const sizes = paths.map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  const { columns = null, split = TRAIN_SPLIT } = options;
  return { ...options, columns, split, paths, name, totalBytes };
}

async function readableFingerprint(path: string): Promise<string> {
  try {
    return await fileFingerprint(path);
  } catch (error) {
    throw new DataError("DATASET_UNREADABLE", `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Encodes a data set into a file of `folder`.
 * @param placeOf where the file is to stay, by the fingerprint of the data; null: it is not kept
 */
async function encodeInto(
  options: Loading,
  folder: string,
  placeOf: ((fingerprint: string) => string) | null,
): Promise<Dataset> {
  const writer = await writing(folder, () => TokenStoreWriter.create(folder, placeOf !== null));
  try {
    const facts = await encodeFiles(options, (block) => writing(folder, () => writer.append(block.rows)));
    const place = placeOf?.(facts.fingerprint) ?? null;
    const store = await writing(folder, () => writer.finish(facts, place));
    return describe(options, store, facts);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

async function writing<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new DataError(
      "TOKENS_NOT_WRITTEN",
      `the tokens of the rows, which are read from a file during training, cannot be written to ${folder} ` +
        `(${reasonOf(error)}); make room there, or name another folder as TMPDIR`,
      { cause: error },
    );
  }
}

function describe(options: Loading, rows: TokenRows, facts: DatasetFacts): Dataset {
  const { form, kind, summary, fingerprint, lossOn, unread, fileRows } = facts;
  const { paths, maxLength, truncationMode, purpose = null } = options;
  const name = basename(options.name);
  const about = { name, purpose, form, kind, lossOn, unread, maxLength, truncationMode };
  const files = paths.map((path, at) => ({ path, rows: fileRows[at]! }));
  const usesChatTemplate = isConversation(kind);
  return { rows, form, usesChatTemplate, summary, fingerprint, files, ...describeDataset(summary, about) };
}

/** A block whose rows are numbered as in all files. */
interface TakenBlock extends Omit<EncodedBlock, "reports"> {
  readonly reports: readonly RowReport[];
}

/** A block of a file on its way through the encoder. */
interface PendingBlock {
  readonly file: number;
  readonly block: RowBlock;
  readonly encoded: Promise<EncodedBlock>;
}

/** Encodes files block by block, handing each on; returns the account of all. */
async function encodeFiles(
  options: Loading,
  onBlock: (block: TakenBlock) => Promise<void>,
): Promise<DatasetFacts> {
  const { paths, columns } = options;
  const context = rowContext(options.tokenizer, options);
  const account = new DatasetAccount(options);
  const hashes = paths.map(() => createHash("sha256"));
  const pending: PendingBlock[] = [];
  const takeOldest = async () => {
    const { file, block, encoded } = pending.shift()!;
    const taken = account.add(await encoded, block, file);
    for (const report of taken.reports) await options.onRow?.(report);
    await onBlock(taken);
  };
  let encoding: Encoding | null = null;
  let formatError: DataError | null = null;
  try {
    const blocks = blocksOf(options, (index, bytes) => hashes[index]!.update(bytes));
    for await (const { file, block } of untilFormatError(blocks, (error) => (formatError = error))) {
      const first: FirstRow | null = encoding === null ? findFirstRow(block, columns, context) : null;
      if (first !== null) encoding = await startEncoding(options, first);
      if (encoding === null) {
        account.add(accountOfBlock(block.lines, columns, context), block, file);
      } else {
        const encoded = encoding.encode(block.lines);
        // What fails here is thrown when the block is due, and not at all behind ten mistakes.
        encoded.catch(() => {});
        pending.push({ file, block, encoded });
        if (pending.length >= encoding.depth) await takeOldest();
      }
      if (account.isOver) break;
    }
    while (pending.length > 0 && !account.isOver) await takeOldest();
    if (formatError !== null) throw account.withMistakes(formatError);
    const fingerprint = joinFingerprints(hashes.map((hash) => hash.digest("hex")));
    return { ...(await account.finish(encoding?.encoder ?? null)), fingerprint };
  } finally {
    await encoding?.close();
  }
}

/** Hands out what can be read of a file whose rest cannot be: mistakes of its rows are reported with that. */
async function* untilFormatError<Block>(
  blocks: AsyncGenerator<Block>,
  onError: (error: DataError) => void,
): AsyncGenerator<Block> {
  try {
    yield* blocks;
  } catch (error) {
    if (!(error instanceof DataError && error.code === "DATASET_FORMAT")) throw error;
    onError(error);
  }
}

/** The blocks of all files in order, telling how far they have been read. */
async function* blocksOf(
  { paths, name, totalBytes, split, onProgress }: Loading,
  onBytes: (file: number, bytes: Uint8Array) => void,
): AsyncGenerator<{ file: number; block: RowBlock }> {
  let bytes = 0;
  let told = 0;
  for (const [file, path] of paths.entries()) {
    const onRead = (read: Uint8Array) => {
      bytes += read.length;
      onBytes(file, read);
    };
    const blocks = dataFormatOf(path).read(path, onRead, split);
    for await (const block of blocks) {
      yield { file, block };
      // Once for each hundredth.
      if (totalBytes < SMALLEST_TOLD || bytes - told < totalBytes / 100) continue;
      told = bytes;
      onProgress?.({ name: basename(name), bytes: Math.min(bytes, totalBytes), totalBytes });
    }
  }
}

interface Encoding {
  readonly encoder: BlockEncoder;
  /** Blocks that are encoded at once. */
  readonly depth: number;
  encode(block: Uint8Array): Promise<EncodedBlock>;
  close(): Promise<void>;
}

/** Encodes in this thread, or in others where the file is worth their start. */
async function startEncoding(options: Loading, first: FirstRow): Promise<Encoding> {
  const { tokenizer, totalBytes, datasetNumProc = null } = options;
  const reportsRows = options.onRow !== undefined;
  const encoder = await BlockEncoder.create(tokenizer, { ...options, reportsRows }, first);
  const count = datasetNumProc ?? usefulWorkers(totalBytes);
  if (reportsRows || count <= 1) {
    // While one block is tokenized by native code, the other's templates are rendered.
    return { encoder, depth: 2, encode: (block) => encoder.encode(block), close: async () => {} };
  }
  const { maxLength, truncationMode, completionOnlyLoss, assistantOnlyLoss } = options;
  const { chatTemplatePath, columns } = options;
  const workers = new EncodingWorkers(count, {
    tokenizerFolder: tokenizer.folder,
    options: { maxLength, truncationMode, completionOnlyLoss, assistantOnlyLoss, chatTemplatePath, columns },
    first,
  });
  return {
    encoder,
    depth: 2 * count,
    encode: (block) => workers.encode(block),
    close: () => workers.close(),
  };
}

function usefulWorkers(totalBytes: number): number {
  const processors = availableParallelism();
  // The tokenizer's native code takes a second processor by itself.
  if (processors <= 2) return 1;
  return Math.min(processors, Math.floor(totalBytes / BYTES_OF_A_WORKER));
}

/** Adds up what is known of the blocks of the files, in their order. */
class DatasetAccount {
  readonly #options: Loading;
  readonly #problems: Problem[] = [];
  readonly #unread = {
    columns: new Set<string>(),
    fields: new Set<string>(),
    variables: new Set<string>(),
    characters: new Set<string>(),
  };
  readonly #summary = emptySummary();
  readonly #fileRows: number[];
  #rows = 0;
  #endsReading = false;
  /** Where the first row stands of whose answer nothing became tokens. */
  #unwrittenPlace: string | null = null;
  #lostToLength = 0;
  #untrainedExample: EncodedRow | null = null;
  #endTokenTrained = 0;

  constructor(options: Loading) {
    this.#options = options;
    this.#fileRows = options.paths.map(() => 0);
  }

  /** Whether the rest of the file changes nothing any more. */
  get isOver(): boolean {
    return this.#endsReading || this.#problems.length >= MAX_PROBLEMS;
  }

  /** Takes up the next block of a file; returns it with its rows numbered as in all files. */
  add(block: EncodedBlock, { placeOf, problems }: RowBlock, file: number): TakenBlock {
    for (const { line, message } of [...problems, ...block.problems].sort((a, b) => a.line - b.line)) {
      if (this.#problems.length >= MAX_PROBLEMS) break;
      this.#problems.push({ where: placeOf(line), message });
    }
    for (const kind of Object.keys(this.#unread) as (keyof UnreadNames)[]) {
      for (const name of block.unread[kind]) this.#unread[kind].add(name);
    }
    for (const name of Object.keys(this.#summary) as (keyof DatasetSummary)[]) {
      this.#summary[name] += block.summary[name];
    }
    const { unwrittenLine, untrainedExample: example } = block;
    if (unwrittenLine !== null) this.#unwrittenPlace ??= placeOf(unwrittenLine);
    if (example !== null) this.#untrainedExample ??= { ...example, id: this.#rows + example.id };
    this.#lostToLength += block.lostToLength;
    this.#endTokenTrained += block.endTokenTrained;
    this.#endsReading ||= block.endsReading;
    const ids = block.rows.ids.map((id) => this.#rows + id);
    const reports = block.reports.map(({ line, ...report }) => ({
      ...report,
      id: this.#rows + report.id,
      place: placeOf(line),
    }));
    this.#rows += block.rowCount;
    this.#fileRows[file]! += block.rowCount;
    return { ...block, reports, rows: { ...block.rows, ids } };
  }

  /** The error of a file whose rest cannot be read, behind the mistakes of its rows. */
  withMistakes(error: DataError): DataError {
    if (this.#problems.length === 0) return error;
    return new DataError(error.code, `${rowsError(this.#problems).message}\n${error.message}`, {
      cause: error,
    });
  }

  /** The account of all blocks; throws what makes the files useless as a whole. */
  async finish(encoder: BlockEncoder | null): Promise<Omit<DatasetFacts, "fingerprint">> {
    if (this.#problems.length > 0) throw rowsError(this.#problems);
    const { name, tokenizer, onRow } = this.#options;
    if (this.#rows === 0) throw new DataError("DATASET_EMPTY", `${name} has no rows`);
    if (onRow === undefined && this.#endTokenTrained === 0 && this.#untrainedExample) {
      throw await endTokenError(name, tokenizer, this.#untrainedExample);
    }
    if (encoder === null || this.#summary.rows === 0)
      throw this.#nothingToLearn(encoder?.templateName ?? null);
    const { lossOn } = encoder;
    const { form, kind } = encoder.first;
    const { columns, fields, variables, characters } = this.#unread;
    const unread = {
      columns: [...columns],
      fields: [...fields],
      variables: [...variables],
      characters: [...characters].slice(0, MOST_CHARACTERS),
    };
    return { form, kind, lossOn, unread, summary: this.#summary, fileRows: this.#fileRows };
  }

  #nothingToLearn(templateName: string | null): DataError {
    const { name, maxLength } = this.#options;
    const { dropped, withoutSupervision, withoutAnswer } = this.#summary;
    const parts: string[] = [];
    if (withoutAnswer > 0) parts.push(`without an answer, or one that is marked correct: ${withoutAnswer}`);
    if (this.#lostToLength > 0) {
      parts.push(`too long for max_length ${maxLength} (raise it): ${this.#lostToLength}`);
    }
    const empty = dropped + withoutSupervision - this.#lostToLength;
    if (empty > 0 && this.#unwrittenPlace !== null && templateName !== null) {
      const remedy = "mend it, or give another as chat_template_path";
      const silence = `${templateName} writes nothing of the assistant's turns`;
      parts.push(`${silence}, first at ${this.#unwrittenPlace} (${remedy})`);
    } else if (empty > 0) {
      const remedy = 'check that rows hold completions, or messages whose role is "assistant"';
      parts.push(`without anything to learn (${remedy}): ${empty}`);
    }
    return new DataError("DATASET_NOTHING_TO_LEARN", `no row of ${name} can be learned: ${parts.join("; ")}`);
  }
}
