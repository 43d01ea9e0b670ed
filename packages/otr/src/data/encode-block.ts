/** @file From a block of lines to token ids, with an account of what was cut or left out. */
import type { ColumnMapping } from "../config/dataset-sources.js";
import { DataError } from "../errors.js";
import { loadChatTemplate } from "./chat-template.js";
import { type DatasetSummary, describeForm, emptySummary } from "./dataset-summary.js";
import { RowEncoder, type TokenizedRow } from "./encode-rows.js";
import { countSupervised, type EncodedRow, type TruncationMode, truncate } from "./encoded-row.js";
import { type EndOfTurn, endOfTurnOf } from "./end-of-turn.js";
import type { RowBlock } from "./formats/data-format.js";
import { MAX_PROBLEMS, parseLines } from "./read-rows.js";
import { parseTrainingRow, readColumns, type RecognisedRow, type RowFormName } from "./row-forms/registry.js";
import type { RowContext } from "./row-forms/row-form.js";
import type { RowSource } from "./row-source.js";
import { storedToken } from "./token-store.js";
import type { Tokenizer } from "./tokenizer.js";
import { isConversation, type TrainingRow } from "./training-row.js";
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
  /** Which columns stand for those of a form; null: the rows' own names are theirs. */
  readonly columns: ColumnMapping | null;
}

/** The first sound row of a data set, which decides the form of all. */
export interface FirstRow {
  readonly form: RowFormName;
  /** What its rows are trained as. */
  readonly kind: TrainingRow["form"];
  /** Where it stands: `rows.jsonl:1`. */
  readonly place: string;
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
export interface BlockReport {
  /** As in {@link EncodedRow.id}. */
  readonly id: number;
  /** In the block. */
  readonly line: number;
  readonly source: RowSource;
  /** All tokens of the row, and what is learned of them, before truncation. */
  readonly whole: EncodedRow;
  readonly fate: RowFate;
  /** The first token that is left of the row, and the one behind the last. */
  readonly kept: readonly [start: number, end: number];
  /** The token that ends generation: learned, cut off, not learned where it should be; null where none should be. */
  readonly endOfTurn: "learned" | "cut" | "unlearned" | null;
  /** Characters that the tokenizer has no token for. */
  readonly lostCharacters: readonly string[];
}

/** The same of a row of a data set. */
export interface RowReport extends Omit<BlockReport, "line"> {
  /** Where it stands: `rows.csv:17`. */
  readonly place: string;
}

/** What of the rows is read by nothing, and what is lost of their text, each once. */
export interface UnreadNames {
  readonly columns: readonly string[];
  /** Of messages. */
  readonly fields: readonly string[];
  /** Of `chat_template_kwargs`. */
  readonly variables: readonly string[];
  /** That the tokenizer has no token for. */
  readonly characters: readonly string[];
}

/** Mistakes and rows of a block; lines count from 1 and rows from 0 in the block. */
export interface EncodedBlock {
  /** Rows in the lines, whatever became of them. */
  readonly rowCount: number;
  readonly rows: StoredRows;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  /** Whether the rest of the file is not worth reading. */
  readonly endsReading: boolean;
  readonly unread: UnreadNames;
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
  readonly reports: readonly BlockReport[];
}

/** The first sound row of a block, or null. */
export function findFirstRow(
  { lines, placeOf }: Pick<RowBlock, "lines" | "placeOf">,
  columns: ColumnMapping | null,
  context: RowContext,
): FirstRow | null {
  for (const parsed of parseLines(lines)) {
    if ("problem" in parsed) continue;
    const row = parseTrainingRow(parsed.value, columns, context);
    if (typeof row === "string" || row.rows.length === 0) continue;
    return { form: row.form, kind: row.rows[0]!.form, place: placeOf(parsed.line) };
  }
  return null;
}

/** What decides the rows of a form, beside the file. */
export function rowContext(tokenizer: Tokenizer, { chatTemplatePath }: EncodingOptions): RowContext {
  return { hasChatTemplate: chatTemplatePath !== null || tokenizer.chatTemplate !== null };
}

/** Encodes the blocks of a file whose first row is known. */
export class BlockEncoder {
  /** What is learned of a row: "the completion". */
  readonly lossOn: string;
  /** What errors call the chat template; null where none is in use. */
  readonly templateName: string | null;
  /** The row that decides the form of all. */
  readonly first: FirstRow;
  readonly #options: EncodingOptions;
  readonly #context: RowContext;
  readonly #rows: RowEncoder;
  readonly #endOfTurn: EndOfTurn;

  private constructor(
    options: EncodingOptions,
    first: FirstRow,
    parts: {
      context: RowContext;
      rows: RowEncoder;
      endOfTurn: EndOfTurn;
      lossOn: string;
      templateName: string | null;
    },
  ) {
    this.#options = options;
    this.#context = parts.context;
    this.first = first;
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
    const { kind } = first;
    const hasPrompt = kind === "prompt_completion" || kind === "prompt_completion_messages";
    const isChat = isConversation(kind);
    if (options.completionOnlyLoss && !hasPrompt) {
      throw lossError("completion_only_loss", first, "rows with a prompt and a completion");
    }
    if (options.assistantOnlyLoss && !isChat) {
      throw lossError("assistant_only_loss", first, "rows of messages");
    }
    const completionOnlyLoss = options.completionOnlyLoss ?? hasPrompt;
    const assistantOnlyLoss = options.assistantOnlyLoss ?? kind === "messages";
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
      context: rowContext(tokenizer, options),
      rows,
      endOfTurn,
      lossOn,
      templateName: chatTemplate?.name ?? null,
    });
  }

  /** @throws DataError `END_TOKEN_MISSING` for rows of text where the tokenizer has no end token */
  async encode(block: Uint8Array): Promise<EncodedBlock> {
    const draft = readBlock(block, this.first, this.#options.columns, this.#context);
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
    const { remarks, lostCharacters } = tokenized;
    if (remarks.hasLiteralTokens) summary.literalControlTokens += 1;
    if (remarks.isIncomplete) summary.leftOutByTemplate += 1;
    if (remarks.dropsThinking) summary.thinkingDropped += 1;
    if (remarks.learnsPrompt) summary.promptLearned += 1;
    if (tokenized.sharesToken) summary.tokenShared += 1;
    if (lostCharacters.length > 0) summary.charactersLost += 1;
    for (const name of remarks.unreadFields) draft.unread.fields.add(name);
    for (const name of remarks.unreadVariables) draft.unread.variables.add(name);
    for (const character of lostCharacters) draft.unread.characters.add(character);
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
      const { source } = tokenized;
      draft.reports.push({ id, line, source, whole, fate, kept, endOfTurn, lostCharacters });
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
    summary.usableRows += 1;
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

/** The account of a block without a row to train on. */
export function accountOfBlock(
  block: Uint8Array,
  columns: ColumnMapping | null,
  context: RowContext,
): EncodedBlock {
  return finishBlock(readBlock(block, null, columns, context));
}

interface Source {
  readonly id: number;
  readonly line: number;
  readonly row: TrainingRow;
}

interface BlockDraft {
  readonly sources: Source[];
  readonly kept: EncodedRow[];
  readonly problems: { line: number; message: string }[];
  readonly unread: Readonly<Record<keyof UnreadNames, Set<string>>>;
  readonly summary: DatasetSummary;
  rowCount: number;
  endsReading: boolean;
  lostToLength: number;
  endTokenTrained: number;
  unwrittenLine: number | null;
  untrainedExample: EncodedRow | null;
  readonly reports: BlockReport[];
}

function readBlock(
  block: Uint8Array,
  first: FirstRow | null,
  columns: ColumnMapping | null,
  context: RowContext,
): BlockDraft {
  const draft: BlockDraft = {
    sources: [],
    kept: [],
    problems: [],
    unread: { columns: new Set(), fields: new Set(), variables: new Set(), characters: new Set() },
    summary: emptySummary(),
    rowCount: 0,
    endsReading: false,
    lostToLength: 0,
    endTokenTrained: 0,
    unwrittenLine: null,
    untrainedExample: null,
    reports: [],
  };
  const read = first === null ? [] : readColumns(first.form, columns);
  for (const parsed of parseLines(block)) {
    const { line } = parsed;
    if ("problem" in parsed) {
      draft.problems.push({ line, message: parsed.problem });
      draft.endsReading = parsed.endsReading;
      continue;
    }
    const recognised = parseTrainingRow(parsed.value, columns, context);
    const rows = typeof recognised === "string" ? [] : recognised.rows;
    if (typeof recognised === "string") draft.problems.push({ line, message: recognised });
    else if (first !== null && !isLike(recognised, first)) {
      draft.problems.push({ line, message: otherForm(recognised, first) });
    } else if (rows.length === 0) {
      draft.summary.withoutAnswer += 1;
    } else {
      for (const [at, row] of rows.entries()) draft.sources.push({ id: draft.rowCount + at, line, row });
      for (const column of Object.keys(parsed.value)) {
        if (!read.includes(column)) draft.unread.columns.add(column);
      }
    }
    draft.rowCount += Math.max(1, rows.length);
    // Each mistake is a line of its own, so that no more of this block can be told.
    if (draft.problems.length >= MAX_PROBLEMS) break;
  }
  return draft;
}

const isLike = ({ form, rows }: RecognisedRow, first: FirstRow): boolean =>
  form === first.form && rows.every((row) => row.form === first.kind);

function otherForm({ form, rows }: RecognisedRow, first: FirstRow): string {
  const found = describeForm(form, rows[0]?.form ?? first.kind);
  const both = `is a row of ${found}, but ${first.place} is one of ${describeForm(first.form, first.kind)}; `;
  return `${both}a data set holds rows of one form (give several as several sources)`;
}

function finishBlock({ kept, sources: _sources, ...draft }: BlockDraft): EncodedBlock {
  const { columns, fields, variables, characters } = draft.unread;
  return {
    ...draft,
    rows: storedRows(kept),
    problems: draft.problems.sort((a, b) => a.line - b.line),
    unread: {
      columns: [...columns],
      fields: [...fields],
      variables: [...variables],
      characters: [...characters],
    },
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

function lossError(option: string, { form, kind }: FirstRow, needed: string): DataError {
  return new DataError(
    "LOSS_MASK_MISFIT",
    `${option} is on, but the rows are of ${describeForm(form, kind)}; it needs ${needed}, so leave it out`,
  );
}
