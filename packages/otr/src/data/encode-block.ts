/** @file From a block of lines to token ids, with an account of what was cut or left out. */
import { DataError } from "../errors.js";
import { loadChatTemplate } from "./chat-template.js";
import { type DatasetSummary, emptySummary } from "./dataset-summary.js";
import { RowEncoder, type TokenizedRow } from "./encode-rows.js";
import { countSupervised, type EncodedRow, type TruncationMode, truncate } from "./encoded-row.js";
import { type EndOfTurn, endOfTurnOf } from "./end-of-turn.js";
import { countLines, MAX_PROBLEMS, parseLines } from "./read-rows.js";
import { parseTrainingRow, readColumns, ROW_FORMS, type RowForm, type TrainingRow } from "./row-format.js";
import type { RowSource } from "./row-source.js";
import { storedToken } from "./token-store.js";
import type { Tokenizer } from "./tokenizer.js";
import type { StoredRows } from "./write-token-store.js";

/** What decides the tokens of a row, beside the row and the tokenizer. */
export interface EncodingOptions {
  /** Tokens of a row; null: no limit. */
  readonly maxLength: number | null;
  readonly truncationMode: TruncationMode;
  /** null: on for rows with a prompt and a completion. */
  readonly completionOnlyLoss: boolean | null;
  /** null: on for rows of `{messages}`. */
  readonly assistantOnlyLoss: boolean | null;
  /** A Jinja file to use in place of the tokenizer's own chat template. */
  readonly chatTemplatePath: string | null;
  /** Whether blocks come with a report of each row. Default: false. */
  readonly reportsRows?: boolean;
}

/** The first sound row of a file, which decides the form of all. */
export interface FirstRow {
  readonly form: RowForm;
  /** From 1. */
  readonly line: number;
}

/** What became of a row. */
export type RowFate =
  | "trained"
  /** Trained on, without what lay beyond `max_length`. */
  | "truncated"
  /** Left out: longer than `max_length`. */
  | "too_long"
  /** Left out: all that there was to learn lay beyond `max_length`. */
  | "cut_to_nothing"
  /** Left out: nothing in it is learned. */
  | "nothing_to_learn";

/** A row as training takes it, with its text. */
export interface RowReport {
  /** As in {@link EncodedRow.id}. */
  readonly id: number;
  readonly line: number;
  readonly source: RowSource;
  /** All tokens of the row, and what is learned of them, before truncation. */
  readonly whole: EncodedRow;
  readonly fate: RowFate;
  /** The first token that is left of the row, and the one behind the last. */
  readonly kept: readonly [start: number, end: number];
  /** The token that ends generation: learned, cut off, not learned where it should be; null where none should be. */
  readonly endOfTurn: "learned" | "cut" | "unlearned" | null;
  readonly isIncomplete: boolean;
}

/** Mistakes and rows of a block; lines count from 1 and rows from 0 in the block. */
export interface EncodedBlock {
  readonly lineCount: number;
  /** Rows in the lines, whatever became of them. */
  readonly rowCount: number;
  readonly rows: StoredRows;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  /** Whether the rest of the file is not worth reading. */
  readonly endsReading: boolean;
  readonly ignoredColumns: readonly string[];
  readonly summary: Readonly<DatasetSummary>;
  /** Rows of which everything to learn lay beyond `max_length`. */
  readonly lostToLength: number;
  /** Rows whose end-of-turn token is learned. */
  readonly endTokenTrained: number;
  /** The line of the first row of whose answer nothing became tokens. */
  readonly unwrittenLine: number | null;
  /** The first row that should teach its end-of-turn token and does not, uncut. */
  readonly untrainedExample: EncodedRow | null;
  /** A report of each row that is sound, where they are asked for. */
  readonly reports: readonly RowReport[];
}

/** The first sound row of a block that starts behind `linesBefore` lines, or null. */
export function findFirstRow(block: Uint8Array, linesBefore: number): FirstRow | null {
  for (const parsed of parseLines(block)) {
    if ("problem" in parsed) continue;
    const row = parseTrainingRow(parsed.value);
    if (typeof row !== "string") return { form: row.form, line: linesBefore + parsed.line };
  }
  return null;
}

/** Encodes the blocks of a file whose first row is known. */
export class BlockEncoder {
  /** What is learned of a row: "the completion". */
  readonly lossOn: string;
  /** What errors call the chat template; null where none is in use. */
  readonly templateName: string | null;
  readonly #options: EncodingOptions;
  readonly #first: FirstRow;
  readonly #rows: RowEncoder;
  readonly #endOfTurn: EndOfTurn;

  /** The form of the file's rows. */
  get form(): RowForm {
    return this.#first.form;
  }

  private constructor(
    options: EncodingOptions,
    first: FirstRow,
    parts: { rows: RowEncoder; endOfTurn: EndOfTurn; lossOn: string; templateName: string | null },
  ) {
    this.#options = options;
    this.#first = first;
    this.#rows = parts.rows;
    this.#endOfTurn = parts.endOfTurn;
    this.lossOn = parts.lossOn;
    this.templateName = parts.templateName;
  }

  /** @throws DataError for a loss mask that does not fit the rows, or a chat template that is missing or broken */
  static async create(
    tokenizer: Tokenizer,
    options: EncodingOptions,
    first: FirstRow,
  ): Promise<BlockEncoder> {
    const { form } = first;
    const hasPrompt = form === "prompt_completion" || form === "prompt_completion_messages";
    const isChat = form === "messages" || form === "prompt_completion_messages";
    if (options.completionOnlyLoss && !hasPrompt) {
      throw lossError("completion_only_loss", form, "rows with a prompt and a completion");
    }
    if (options.assistantOnlyLoss && !isChat) {
      throw lossError("assistant_only_loss", form, "rows of messages");
    }
    const completionOnlyLoss = options.completionOnlyLoss ?? hasPrompt;
    const assistantOnlyLoss = options.assistantOnlyLoss ?? form === "messages";
    const chatTemplate = isChat ? loadChatTemplate(tokenizer, options.chatTemplatePath) : null;
    const rows = await RowEncoder.create({
      tokenizer,
      chatTemplate,
      completionOnlyLoss,
      assistantOnlyLoss,
      keepsText: options.reportsRows ?? false,
    });
    let lossOn = "all tokens";
    if (hasPrompt && completionOnlyLoss) lossOn = "the completion";
    if (assistantOnlyLoss) lossOn = "the assistant's turns";
    const endOfTurn = await endOfTurnOf(tokenizer);
    return new BlockEncoder(options, first, {
      rows,
      endOfTurn,
      lossOn,
      templateName: chatTemplate?.name ?? null,
    });
  }

  /** @throws DataError `END_TOKEN_MISSING` for rows of text where the tokenizer has no end token */
  async encode(block: Uint8Array): Promise<EncodedBlock> {
    const draft = readBlock(block, this.#first);
    const encoded = await this.#rows.encode(draft.sources.map(({ row }) => row));
    for (const [index, source] of draft.sources.entries()) {
      const row = encoded[index]!;
      if (row instanceof DataError) draft.problems.push({ line: source.line, message: row.message });
      else this.#take(draft, source, row);
    }
    return finishBlock(draft);
  }

  /** Cuts a row to its length and takes it up, counting what is lost. */
  #take(draft: BlockDraft, { id, line }: Source, tokenized: TokenizedRow): void {
    const whole: EncodedRow = { id, inputIds: tokenized.inputIds, labels: tokenized.labels };
    const { summary } = draft;
    if (tokenized.hasLiteralTokens) summary.literalControlTokens += 1;
    if (tokenized.isIncomplete) summary.leftOutByTemplate += 1;
    const maxLength = this.#options.maxLength ?? Number.POSITIVE_INFINITY;
    const { truncationMode } = this.#options;
    const length = whole.inputIds.length;
    if (length > maxLength && truncationMode === "error") {
      const remedy = "shorten it, raise max_length, or choose another truncation_mode";
      const message = `has ${length} tokens, more than max_length ${maxLength}; ${remedy}`;
      draft.problems.push({ line, message });
      return;
    }
    const isTaught = countSupervised(whole.labels) > 0;
    if (!isTaught && tokenized.hasAnswer) draft.unwrittenLine ??= line;
    const teachesEnd = this.#endOfTurn.isTrained(whole);
    if (teachesEnd) draft.endTokenTrained += 1;
    else if (isTaught && tokenized.endsTurn) {
      summary.endTokenUntrained += 1;
      draft.untrainedExample ??= whole;
    }
    const row = truncationMode === "error" ? whole : truncate(whole, maxLength, truncationMode);
    const endIsCut = teachesEnd && !(row !== null && this.#endOfTurn.isTrained(row));
    const supervised = row === null ? 0 : countSupervised(row.labels);
    const fate = fateOf(whole, row, { isTaught, supervised });
    if (tokenized.source !== null) {
      const start = row !== null && row !== whole && truncationMode === "keep_end" ? length - maxLength : 0;
      const kept = [start, start + (row ?? whole).inputIds.length] as const;
      const missing = isTaught && tokenized.endsTurn ? "unlearned" : null;
      const endOfTurn = endIsCut ? "cut" : teachesEnd ? "learned" : missing;
      const { source, isIncomplete } = tokenized;
      draft.reports.push({ id, line, source, whole, fate, kept, endOfTurn, isIncomplete });
    }
    if (row === null) {
      summary.dropped += 1;
      draft.lostToLength += 1;
      return;
    }
    if (row !== whole) summary.truncated += 1;
    if (endIsCut) summary.endTokenLost += 1;
    if (supervised === 0) {
      summary.withoutSupervision += 1;
      if (isTaught) draft.lostToLength += 1;
      return;
    }
    draft.kept.push(row);
    summary.rows += 1;
    summary.tokens += row.inputIds.length;
    summary.supervisedTokens += supervised;
  }
}

function fateOf(
  whole: EncodedRow,
  row: EncodedRow | null,
  { isTaught, supervised }: { isTaught: boolean; supervised: number },
): RowFate {
  if (row === null) return "too_long";
  if (supervised === 0) return isTaught ? "cut_to_nothing" : "nothing_to_learn";
  return row === whole ? "trained" : "truncated";
}

/** A block without a sound row: nothing but its mistakes. */
export function mistakesOf(block: Uint8Array): EncodedBlock {
  return finishBlock(readBlock(block, null));
}

interface Source {
  readonly id: number;
  readonly line: number;
  readonly row: TrainingRow;
}

interface BlockDraft {
  readonly lineCount: number;
  readonly sources: Source[];
  readonly kept: EncodedRow[];
  readonly problems: { line: number; message: string }[];
  readonly ignoredColumns: Set<string>;
  readonly summary: DatasetSummary;
  rowCount: number;
  endsReading: boolean;
  lostToLength: number;
  endTokenTrained: number;
  unwrittenLine: number | null;
  untrainedExample: EncodedRow | null;
  readonly reports: RowReport[];
}

function readBlock(block: Uint8Array, first: FirstRow | null): BlockDraft {
  const draft: BlockDraft = {
    lineCount: countLines(block),
    sources: [],
    kept: [],
    problems: [],
    ignoredColumns: new Set(),
    summary: emptySummary(),
    rowCount: 0,
    endsReading: false,
    lostToLength: 0,
    endTokenTrained: 0,
    unwrittenLine: null,
    untrainedExample: null,
    reports: [],
  };
  for (const parsed of parseLines(block)) {
    const { line } = parsed;
    if ("problem" in parsed) {
      draft.problems.push({ line, message: parsed.problem });
      draft.endsReading = parsed.endsReading;
      continue;
    }
    const id = draft.rowCount++;
    const row = parseTrainingRow(parsed.value);
    if (typeof row === "string") draft.problems.push({ line, message: row });
    else if (first !== null && row.form !== first.form) {
      draft.problems.push({ line, message: otherForm(row.form, first) });
    } else {
      draft.sources.push({ id, line, row });
      for (const column of Object.keys(parsed.value)) {
        if (!readColumns(row.form).includes(column)) draft.ignoredColumns.add(column);
      }
    }
    // Each mistake is a line of its own, so that no more of this block can be told.
    if (draft.problems.length >= MAX_PROBLEMS) break;
  }
  return draft;
}

function otherForm(form: RowForm, first: FirstRow): string {
  const both = `is a row of ${ROW_FORMS[form]}, but line ${first.line} is one of ${ROW_FORMS[first.form]}; `;
  return `${both}a file holds rows of one form`;
}

function finishBlock({ kept, sources: _sources, ...draft }: BlockDraft): EncodedBlock {
  return {
    ...draft,
    rows: storedRows(kept),
    problems: draft.problems.sort((a, b) => a.line - b.line),
    ignoredColumns: [...draft.ignoredColumns],
  };
}

function storedRows(rows: readonly EncodedRow[]): StoredRows {
  const lengths = Uint32Array.from(rows, ({ inputIds }) => inputIds.length);
  const tokens = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let next = 0;
  for (const { inputIds, labels } of rows) {
    for (let at = 0; at < inputIds.length; at++) {
      tokens[next++] = storedToken(inputIds[at]!, labels[at]!);
    }
  }
  return { ids: Uint32Array.from(rows, ({ id }) => id), lengths, tokens };
}

function lossError(option: string, form: RowForm, needed: string): DataError {
  return new DataError(
    "LOSS_MASK_MISFIT",
    `${option} is on, but the rows are of ${ROW_FORMS[form]}; it needs ${needed}, so leave it out`,
  );
}
