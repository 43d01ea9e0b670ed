/** @file A file of training rows as token ids, with an account of everything that was cut or left out. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { DataError, type Problem } from "../errors.js";
import { type ChatTemplate, loadChatTemplate } from "./chat-template.js";
import { type DatasetSummary, describeDataset, emptySummary } from "./dataset-summary.js";
import { RowEncoder, type TokenizedRow } from "./encode-rows.js";
import { countSupervised, type EncodedRow, type TruncationMode, truncate } from "./encoded-row.js";
import { type EndOfTurn, endOfTurnOf, endTokenError } from "./end-of-turn.js";
import { MAX_PROBLEMS, readRows, rowsError, type SourceRow } from "./read-rows.js";
import { parseTrainingRow, ROW_FORMS, type RowForm, readColumns, type TrainingRow } from "./row-format.js";
import type { Tokenizer } from "./tokenizer.js";

export interface LoadDatasetOptions {
  /** A JSONL file. */
  readonly path: string;
  readonly tokenizer: Tokenizer;
  /** Tokens of a row; null: no limit. */
  readonly maxLength: number | null;
  readonly truncationMode: TruncationMode;
  /** null: on for rows with a prompt and a completion. */
  readonly completionOnlyLoss: boolean | null;
  /** null: on for rows of `{messages}`. */
  readonly assistantOnlyLoss: boolean | null;
  /** A Jinja file to use in place of the tokenizer's own chat template. */
  readonly chatTemplatePath: string | null;
  /** What the rows are for, said in the notes. */
  readonly purpose?: "training" | "evaluation";
}

export interface Dataset {
  readonly rows: readonly EncodedRow[];
  readonly form: RowForm;
  readonly summary: Readonly<DatasetSummary>;
  /** Sentences for the person: what was recognised, cut and left out. */
  readonly notes: readonly string[];
  /** SHA-256 of the file, in hexadecimal digits. */
  readonly fingerprint: string;
}

/** Rows that are encoded together. */
const CHUNK_ROWS = 512;

/**
 * Reads, checks and encodes a data set.
 * @throws DataError with up to ten mistakes of the file at once, each with its line (`DATASET_ROWS`); for a file that
 * cannot be read or holds nothing to learn; for a chat template that is missing or broken; and where no row could
 * ever teach the model to stop (`END_TOKEN_UNTRAINED`)
 */
export async function loadDataset(options: LoadDatasetOptions): Promise<Dataset> {
  const loading = new DatasetLoading(options);
  for await (const item of readRows(options.path, (bytes) => loading.hash.update(bytes))) {
    if ("problem" in item) loading.report(item.problem);
    else await loading.add(item.row);
    if (loading.hasTooManyProblems) break;
  }
  return loading.finish();
}

interface Encoding {
  readonly encoder: RowEncoder;
  readonly chatTemplate: ChatTemplate | null;
  readonly endOfTurn: EndOfTurn;
  /** What is learned of a row: "the completion". */
  readonly lossOn: string;
}

class DatasetLoading {
  readonly hash = createHash("sha256");
  readonly #options: LoadDatasetOptions;
  readonly #problems: Problem[] = [];
  readonly #ignoredColumns = new Set<string>();
  readonly #rows: EncodedRow[] = [];
  readonly #summary = emptySummary();
  #first: { form: RowForm; line: number } | undefined;
  #pending: { source: SourceRow; row: TrainingRow }[] = [];
  #encoding: Encoding | undefined;
  /** The first row of whose answer nothing became tokens. */
  #unwritten: SourceRow | undefined;
  /** Rows of which everything to learn lay beyond `max_length`. */
  #lostToLength = 0;
  #untrainedExample: EncodedRow | undefined;
  #endTokenTrained = 0;

  constructor(options: LoadDatasetOptions) {
    this.#options = options;
  }

  get hasTooManyProblems(): boolean {
    return this.#problems.length >= MAX_PROBLEMS;
  }

  report(problem: Problem): void {
    this.#problems.push(problem);
  }

  async add(source: SourceRow): Promise<void> {
    const row = parseTrainingRow(source.value);
    if (typeof row === "string") return this.#reportRow(source, row);
    this.#first ??= { form: row.form, line: source.line };
    if (row.form !== this.#first.form) {
      const { form, line } = this.#first;
      const message = `is a row of ${ROW_FORMS[row.form]}, but line ${line} is one of ${ROW_FORMS[form]}; `;
      return this.#reportRow(source, `${message}a file holds rows of one form`);
    }
    for (const column of Object.keys(source.value)) {
      if (!readColumns(row.form).includes(column)) this.#ignoredColumns.add(column);
    }
    this.#pending.push({ source, row });
    if (this.#pending.length >= CHUNK_ROWS) await this.#encodePending();
  }

  async finish(): Promise<Dataset> {
    await this.#encodePending();
    if (this.#problems.length > 0) throw rowsError(this.#problems);
    const { path } = this.#options;
    if (!this.#first) {
      throw new DataError("DATASET_EMPTY", `${path} has no rows; each line must hold one JSON object`);
    }
    if (this.#endTokenTrained === 0 && this.#untrainedExample) {
      throw await endTokenError(path, this.#options.tokenizer, this.#untrainedExample);
    }
    if (this.#rows.length === 0) throw this.#nothingToLearn();
    return {
      rows: this.#rows,
      form: this.#first.form,
      summary: this.#summary,
      notes: describeDataset(this.#summary, {
        name: basename(path),
        purpose: this.#options.purpose ?? null,
        form: this.#first.form,
        lossOn: this.#encoding?.lossOn ?? "all tokens",
        ignoredColumns: [...this.#ignoredColumns],
        maxLength: this.#options.maxLength,
        truncationMode: this.#options.truncationMode,
      }),
      fingerprint: this.hash.digest("hex"),
    };
  }

  async #encodePending(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length === 0) return;
    this.#encoding ??= await this.#prepareEncoding(pending[0]!.row.form);
    const { encoder, endOfTurn } = this.#encoding;
    const encoded = await encoder.encode(pending.map(({ row }) => row));
    for (const [index, { source }] of pending.entries()) {
      const row = encoded[index]!;
      if (row instanceof DataError) this.#reportRow(source, row.message);
      else this.#take(source, row, endOfTurn);
    }
  }

  async #prepareEncoding(form: RowForm): Promise<Encoding> {
    const { tokenizer } = this.#options;
    const hasPrompt = form === "prompt_completion" || form === "prompt_completion_messages";
    const isChat = form === "messages" || form === "prompt_completion_messages";
    if (this.#options.completionOnlyLoss && !hasPrompt) {
      throw lossError("completion_only_loss", form, "rows with a prompt and a completion");
    }
    if (this.#options.assistantOnlyLoss && !isChat) {
      throw lossError("assistant_only_loss", form, "rows of messages");
    }
    const completionOnlyLoss = this.#options.completionOnlyLoss ?? hasPrompt;
    const assistantOnlyLoss = this.#options.assistantOnlyLoss ?? form === "messages";
    const chatTemplate = isChat ? loadChatTemplate(tokenizer, this.#options.chatTemplatePath) : null;
    const encoder = await RowEncoder.create({
      tokenizer,
      chatTemplate,
      completionOnlyLoss,
      assistantOnlyLoss,
    });
    let lossOn = "all tokens";
    if (hasPrompt && completionOnlyLoss) lossOn = "the completion";
    if (assistantOnlyLoss) lossOn = "the assistant's turns";
    return { encoder, chatTemplate, endOfTurn: await endOfTurnOf(tokenizer), lossOn };
  }

  /** Cuts a row to its length and takes it up, counting what is lost. */
  #take(source: SourceRow, tokenized: TokenizedRow, endOfTurn: EndOfTurn): void {
    const whole: EncodedRow = { id: source.id, inputIds: tokenized.inputIds, labels: tokenized.labels };
    const summary = this.#summary;
    if (tokenized.hasLiteralTokens) summary.literalControlTokens += 1;
    const maxLength = this.#options.maxLength ?? Number.POSITIVE_INFINITY;
    const { truncationMode } = this.#options;
    const length = whole.inputIds.length;
    if (length > maxLength && truncationMode === "error") {
      const remedy = "shorten it, raise max_length, or choose another truncation_mode";
      this.#reportRow(source, `has ${length} tokens, more than max_length ${maxLength}; ${remedy}`);
      return;
    }
    const isTaught = countSupervised(whole.labels) > 0;
    if (!isTaught && tokenized.hasAnswer) this.#unwritten ??= source;
    const teachesEnd = endOfTurn.isTrained(whole);
    if (teachesEnd) this.#endTokenTrained += 1;
    else if (isTaught && tokenized.endsTurn) {
      summary.endTokenUntrained += 1;
      this.#untrainedExample ??= whole;
    }
    const row = truncationMode === "error" ? whole : truncate(whole, maxLength, truncationMode);
    if (row === null) {
      summary.dropped += 1;
      this.#lostToLength += 1;
      return;
    }
    if (row !== whole) summary.truncated += 1;
    if (teachesEnd && !endOfTurn.isTrained(row)) summary.endTokenLost += 1;
    const supervised = countSupervised(row.labels);
    if (supervised === 0) {
      summary.withoutSupervision += 1;
      if (isTaught) this.#lostToLength += 1;
      return;
    }
    this.#rows.push(row);
    summary.rows += 1;
    summary.tokens += row.inputIds.length;
    summary.supervisedTokens += supervised;
  }

  #reportRow(source: SourceRow, message: string): void {
    if (!this.hasTooManyProblems) this.report({ where: `${this.#options.path}:${source.line}`, message });
  }

  #nothingToLearn(): DataError {
    const { path, maxLength } = this.#options;
    const { dropped, withoutSupervision } = this.#summary;
    const chatTemplate = this.#encoding?.chatTemplate;
    const parts: string[] = [];
    if (this.#lostToLength > 0) {
      parts.push(`too long for max_length ${maxLength} (raise it): ${this.#lostToLength}`);
    }
    const empty = dropped + withoutSupervision - this.#lostToLength;
    if (empty > 0 && this.#unwritten && chatTemplate) {
      const where = `${path}:${this.#unwritten.line}`;
      const remedy = "mend it, or give another as chat_template_path";
      parts.push(
        `${chatTemplate.name} writes nothing of the assistant's turns, first at ${where} (${remedy})`,
      );
    } else if (empty > 0) {
      const remedy = "check that rows hold completions or assistant messages";
      parts.push(`without anything to learn (${remedy}): ${empty}`);
    }
    return new DataError("DATASET_NOTHING_TO_LEARN", `no row of ${path} can be learned: ${parts.join("; ")}`);
  }
}

function lossError(option: string, form: RowForm, needed: string): DataError {
  return new DataError(
    "LOSS_MASK_MISFIT",
    `${option} is on, but the rows are of ${ROW_FORMS[form]}; it needs ${needed}, so leave it out`,
  );
}
