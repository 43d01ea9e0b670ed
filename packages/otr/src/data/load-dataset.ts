/** @file A file of training rows as token ids, with an account of everything that was cut or left out. */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DataError, type Problem } from "../errors.js";
import { type DatasetSummary, describeDataset, emptySummary } from "./dataset-summary.js";
import type { EncodedRow } from "./encoded-row.js";
import {
  BlockEncoder,
  type EncodedBlock,
  type EncodingOptions,
  type FirstRow,
  findFirstRow,
  mistakesOf,
  type RowReport,
} from "./encode-block.js";
import { EncodingWorkers } from "./encoding-workers.js";
import { endTokenError } from "./end-of-turn.js";
import { MAX_PROBLEMS, readBlocks, rowsError } from "./read-rows.js";
import type { RowForm } from "./row-format.js";
import { fileFingerprint, markUsed, tokenCacheName, trimTokenCache } from "./token-cache.js";
import { type TokenRows, TokenStore } from "./token-store.js";
import type { Tokenizer } from "./tokenizer.js";
import { TokenStoreWriter } from "./write-token-store.js";

export interface LoadDatasetOptions extends EncodingOptions {
  /** A JSONL file. */
  readonly path: string;
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
}

export interface Dataset {
  readonly rows: TokenRows;
  readonly form: RowForm;
  readonly summary: Readonly<DatasetSummary>;
  /** Sentences for the person: what was recognised, cut and left out. */
  readonly notes: readonly string[];
  /** SHA-256 of the file, in hexadecimal digits. */
  readonly fingerprint: string;
}

/** Less work than this is not worth the start of a thread, which loads the tokenizer anew. */
const BYTES_OF_A_WORKER = 2 ** 22;

/** What is kept beside the tokens of a data set. */
interface DatasetFacts {
  readonly form: RowForm;
  readonly lossOn: string;
  readonly ignoredColumns: readonly string[];
  readonly summary: DatasetSummary;
  readonly fingerprint: string;
}

/**
 * Reads, checks and encodes a data set. Its rows lie in a file, which the caller closes (`rows.close()`).
 * @throws DataError with up to ten mistakes of the file at once, each with its line (`DATASET_ROWS`); for a file that
 * cannot be read or holds nothing to learn; for a chat template that is missing or broken; where no row could ever
 * teach the model to stop (`END_TOKEN_UNTRAINED`); and where its tokens cannot be written (`TOKENS_NOT_WRITTEN`)
 */
export async function loadDataset(options: LoadDatasetOptions): Promise<Dataset> {
  const { path, tokenizer, cacheFolder = null } = options;
  // What is no ordinary file, such as a pipe, cannot be read twice.
  const isCached =
    cacheFolder !== null &&
    options.onRow === undefined &&
    statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!isCached) return encodeInto(options, tmpdir(), null);

  const nameOf = (fingerprint: string) => tokenCacheName(fingerprint, tokenizer, options);
  const cached = join(cacheFolder, nameOf(await readableFingerprint(path)));
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
  options: LoadDatasetOptions,
  folder: string,
  placeOf: ((fingerprint: string) => string) | null,
): Promise<Dataset> {
  const writer = await writing(folder, () => TokenStoreWriter.create(folder, placeOf !== null));
  try {
    const facts = await encodeFile(options, (block) => writing(folder, () => writer.append(block.rows)));
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

function describe(options: LoadDatasetOptions, rows: TokenRows, facts: DatasetFacts): Dataset {
  const { form, summary, fingerprint, lossOn, ignoredColumns } = facts;
  const { maxLength, truncationMode, purpose = null } = options;
  const name = basename(options.path);
  const about = { name, purpose, form, lossOn, ignoredColumns, maxLength, truncationMode };
  return { rows, form, summary, fingerprint, notes: describeDataset(summary, about) };
}

/** Encodes a file block by block, handing each on; returns the account of all. */
async function encodeFile(
  options: LoadDatasetOptions,
  onBlock: (block: EncodedBlock) => Promise<void>,
): Promise<DatasetFacts> {
  const hash = createHash("sha256");
  const account = new DatasetAccount(options);
  const pending: Promise<EncodedBlock>[] = [];
  const takeOldest = async () => {
    const block = account.add(await pending.shift()!);
    for (const report of block.reports) await options.onRow?.(report);
    await onBlock(block);
  };
  let encoding: Encoding | null = null;
  try {
    for await (const block of readBlocks(options.path, (bytes) => hash.update(bytes))) {
      const first: FirstRow | null = encoding === null ? findFirstRow(block, account.lines) : null;
      if (first !== null) encoding = await startEncoding(options, first);
      if (encoding === null) {
        account.add(mistakesOf(block));
      } else {
        const encoded = encoding.encode(block);
        // What fails here is thrown when the block is due, and not at all behind ten mistakes.
        encoded.catch(() => {});
        pending.push(encoded);
        if (pending.length >= encoding.depth) await takeOldest();
      }
      if (account.isOver) break;
    }
    while (pending.length > 0 && !account.isOver) await takeOldest();
    return { ...(await account.finish(encoding?.encoder ?? null)), fingerprint: hash.digest("hex") };
  } finally {
    await encoding?.close();
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
async function startEncoding(options: LoadDatasetOptions, first: FirstRow): Promise<Encoding> {
  const { path, tokenizer, datasetNumProc = null } = options;
  const reportsRows = options.onRow !== undefined;
  const encoder = await BlockEncoder.create(tokenizer, { ...options, reportsRows }, first);
  const count = datasetNumProc ?? usefulWorkers(path);
  if (reportsRows || count <= 1) {
    // While one block is tokenized by native code, the other's templates are rendered.
    return { encoder, depth: 2, encode: (block) => encoder.encode(block), close: async () => {} };
  }
  const { maxLength, truncationMode, completionOnlyLoss, assistantOnlyLoss, chatTemplatePath } = options;
  const workers = new EncodingWorkers(count, {
    tokenizerFolder: tokenizer.folder,
    options: { maxLength, truncationMode, completionOnlyLoss, assistantOnlyLoss, chatTemplatePath },
    first,
  });
  return {
    encoder,
    depth: 2 * count,
    encode: (block) => workers.encode(block),
    close: () => workers.close(),
  };
}

function usefulWorkers(path: string): number {
  const processors = availableParallelism();
  // The tokenizer's native code takes a second processor by itself.
  if (processors <= 2) return 1;
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return Math.min(processors, Math.floor(size / BYTES_OF_A_WORKER));
}

/** Adds up what is known of the blocks of a file, in their order. */
class DatasetAccount {
  /** Lines of the blocks so far. */
  lines = 0;
  readonly #options: LoadDatasetOptions;
  readonly #problems: Problem[] = [];
  readonly #ignoredColumns = new Set<string>();
  readonly #summary = emptySummary();
  #rows = 0;
  #endsReading = false;
  /** The line of the first row of whose answer nothing became tokens. */
  #unwrittenLine: number | null = null;
  #lostToLength = 0;
  #untrainedExample: EncodedRow | null = null;
  #endTokenTrained = 0;

  constructor(options: LoadDatasetOptions) {
    this.#options = options;
  }

  /** Whether the rest of the file changes nothing any more. */
  get isOver(): boolean {
    return this.#endsReading || this.#problems.length >= MAX_PROBLEMS;
  }

  /** Takes up the next block; returns it with its rows numbered as in the file. */
  add(block: EncodedBlock): EncodedBlock {
    const { path } = this.#options;
    for (const { line, message } of block.problems) {
      if (this.#problems.length >= MAX_PROBLEMS) break;
      this.#problems.push({ where: `${path}:${this.lines + line}`, message });
    }
    for (const column of block.ignoredColumns) this.#ignoredColumns.add(column);
    for (const name of Object.keys(this.#summary) as (keyof DatasetSummary)[]) {
      this.#summary[name] += block.summary[name];
    }
    const { unwrittenLine, untrainedExample: example } = block;
    if (unwrittenLine !== null) this.#unwrittenLine ??= this.lines + unwrittenLine;
    if (example !== null) this.#untrainedExample ??= { ...example, id: this.#rows + example.id };
    this.#lostToLength += block.lostToLength;
    this.#endTokenTrained += block.endTokenTrained;
    this.#endsReading ||= block.endsReading;
    const ids = block.rows.ids.map((id) => this.#rows + id);
    const reports = block.reports.map((report) => ({
      ...report,
      id: this.#rows + report.id,
      line: this.lines + report.line,
    }));
    this.lines += block.lineCount;
    this.#rows += block.rowCount;
    return { ...block, reports, rows: { ...block.rows, ids } };
  }

  /** The account of all blocks; throws what makes the file useless as a whole. */
  async finish(encoder: BlockEncoder | null): Promise<Omit<DatasetFacts, "fingerprint">> {
    if (this.#problems.length > 0) throw rowsError(this.#problems);
    const { path, tokenizer } = this.#options;
    if (encoder === null) {
      throw new DataError("DATASET_EMPTY", `${path} has no rows; each line must hold one JSON object`);
    }
    const { onRow } = this.#options;
    if (onRow === undefined && this.#endTokenTrained === 0 && this.#untrainedExample) {
      throw await endTokenError(path, tokenizer, this.#untrainedExample);
    }
    if (this.#summary.rows === 0) throw this.#nothingToLearn(encoder.templateName);
    const { form, lossOn } = encoder;
    return { form, lossOn, ignoredColumns: [...this.#ignoredColumns], summary: this.#summary };
  }

  #nothingToLearn(templateName: string | null): DataError {
    const { path, maxLength } = this.#options;
    const { dropped, withoutSupervision } = this.#summary;
    const parts: string[] = [];
    if (this.#lostToLength > 0) {
      parts.push(`too long for max_length ${maxLength} (raise it): ${this.#lostToLength}`);
    }
    const empty = dropped + withoutSupervision - this.#lostToLength;
    if (empty > 0 && this.#unwrittenLine !== null && templateName !== null) {
      const where = `${path}:${this.#unwrittenLine}`;
      const remedy = "mend it, or give another as chat_template_path";
      parts.push(`${templateName} writes nothing of the assistant's turns, first at ${where} (${remedy})`);
    } else if (empty > 0) {
      const remedy = "check that rows hold completions or assistant messages";
      parts.push(`without anything to learn (${remedy}): ${empty}`);
    }
    return new DataError("DATASET_NOTHING_TO_LEARN", `no row of ${path} can be learned: ${parts.join("; ")}`);
  }
}
