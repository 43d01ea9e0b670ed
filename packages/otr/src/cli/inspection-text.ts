/** @file An inspection on a terminal: tokens in colour, counts in 80 columns. */
import { counted } from "../config/format-value.js";
import type { RowReport } from "../data/encode-block.js";
import { countSupervised } from "../data/encoded-row.js";
import type { RowLengths } from "../data/row-census.js";
import type { RowTrace } from "../data/row-source.js";
import type { Repetitions } from "../data/text-hashes.js";
import type { FileInspection, Inspection } from "../training/inspect-run.js";
import { type Purpose, rowCounts } from "./row-counts.js";
import { ENDS, FATES, type TokenPiece, tokenPieces } from "./token-pieces.js";
import { columnsOf, visibleText } from "./visible-text.js";
import { wrapText } from "./wrap-text.js";

/** How text is shown. */
export interface TextStyle {
  readonly width: number;
  readonly colour: boolean;
}

/** Tokens of a row that are shown; of a longer one those at its start and its end. */
const MOST_TOKENS = 600;

/** A row: what becomes of it, then its tokens. */
export function renderRow(report: RowReport, trace: RowTrace, style: TextStyle): string {
  const { id, whole, kept, fate, endOfTurn, lostCharacters } = report;
  const trained = countSupervised(whole.labels.subarray(...kept));
  const facts = [
    counted(whole.inputIds.length, "token"),
    ...(fate === "trained" || fate === "truncated" ? [`${trained} learned`] : []),
    ...(fate === "trained" ? [] : [FATES[fate]]),
    ...(endOfTurn === null ? [] : [ENDS[endOfTurn]]),
    ...(lostCharacters.length === 0 ? [] : [`without a token: ${lostCharacters.join(" ")}`]),
  ];
  const head = wrapText(`Row ${id}: ${facts.join("; ")}.`, { width: style.width });
  return `${head}\n${renderTokens(tokenPieces(report, trace), style)}\n`;
}

/** What the signs or colours of {@link renderRow} mean. */
export function legend({ colour }: TextStyle): string {
  if (!colour) return "⟦learned⟧, context, ~cut off~; │ between tokens, ↵ a line feed, → a tab.\n";
  const word = (text: string, state: TokenPiece["state"]) => COLOURS[state][0] + text + RESET;
  const [learned, context, cut] = [
    word("learned", "trained"),
    word("context", "context"),
    word("cut off", "cut"),
  ];
  return `${learned}, ${context}, ${cut}, each second token dimmer; ↵ a line feed, → a tab.\n`;
}

const RESET = "\u001b[0m";
const COLOURS: Readonly<Record<TokenPiece["state"], readonly [string, string]>> = {
  trained: ["\u001b[1;32m", "\u001b[32m"],
  context: ["\u001b[37m", "\u001b[90m"],
  cut: ["\u001b[9;31m", "\u001b[2;9;31m"],
};
const FRAMES: Readonly<Record<TokenPiece["state"], readonly [string, string]>> = {
  trained: ["⟦", "⟧"],
  context: ["", ""],
  cut: ["~", "~"],
};

function renderTokens(pieces: readonly TokenPiece[], style: TextStyle): string {
  const writer = new TokenWriter(style);
  const half = MOST_TOKENS / 2;
  const isLong = pieces.length > MOST_TOKENS;
  for (const [at, piece] of pieces.entries()) {
    if (isLong && at === half) {
      writer.gap(`... ${pieces.length - MOST_TOKENS} tokens not shown (--html shows all) ...`);
    }
    if (isLong && at >= half && at < pieces.length - half) continue;
    writer.write(piece);
  }
  return writer.end();
}

/** Writes tokens, breaking lines where they are full. */
class TokenWriter {
  readonly #style: TextStyle;
  #text = "  ";
  #column = 2;
  #state: TokenPiece["state"] | null = null;
  #count = 0;

  constructor(style: TextStyle) {
    this.#style = style;
  }

  write({ id, text, state }: TokenPiece): void {
    // A token without text is one that the tokenizer puts around texts, or a part of a character.
    const shown = text === "" ? `‹${id}›` : visibleText(text);
    if (this.#style.colour) {
      this.#text += COLOURS[state][this.#count % 2]!;
      this.#put(shown);
      this.#text += RESET;
    } else {
      if (state !== this.#state) {
        this.#close();
        this.#put(FRAMES[state][0]);
      } else if (this.#column > 2) this.#put("│");
      this.#put(shown);
    }
    this.#state = state;
    this.#count += 1;
  }

  gap(words: string): void {
    this.#close();
    this.#state = null;
    if (this.#column > 2) this.#breakLine();
    this.#put(words);
    this.#breakLine();
  }

  end(): string {
    this.#close();
    return this.#text.replace(/ +$/, "");
  }

  #close(): void {
    if (!this.#style.colour && this.#state !== null) this.#put(FRAMES[this.#state][1]);
  }

  #put(text: string): void {
    for (const character of text) {
      if (character === "\n") {
        this.#breakLine();
        continue;
      }
      const columns = columnsOf(character);
      if (this.#column + columns > this.#style.width) this.#breakLine();
      this.#text += character;
      this.#column += columns;
    }
  }

  #breakLine(): void {
    this.#text += "\n  ";
    this.#column = 2;
  }
}

/** The counts of an inspection. */
export function renderInspection(inspection: Inspection, { width }: TextStyle): string {
  const { notes, train, evaluation, shared, work, warnings, problem } = inspection;
  const wrapped = (text: string) => wrapText(text, { width, indent: 2 });
  const about = notes.flatMap((note) => [wrapText(note, { width }), ""]);
  // Where the first row could not be read there is nothing to count.
  const isCounted = ({ rows }: FileInspection) => rows > 0 || problem === null;
  const lines = [...about, ...(isCounted(train) ? renderFile("Training", train, width) : [])];
  if (evaluation !== null && shared !== null && isCounted(evaluation)) {
    lines.push("", ...renderFile("Evaluation", evaluation, width));
    lines.push(row("rows for evaluation that are trained on too", number(shared.count)));
    if (shared.count > 0) lines.push(wrapped(examples(shared, "training row")));
  }
  if (work !== null) {
    lines.push(
      "",
      "The run",
      row("optimizer steps", number(work.totalSteps)),
      row("steps an epoch", number(work.stepsPerEpoch)),
      row("tokens a step", number(Math.round(work.tokensPerStep))),
      row("tokens in all", number(work.totalTokens)),
    );
  }
  for (const warning of warnings) lines.push("", wrapText(`Warning: ${warning}`, { width }));
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function renderFile(purpose: Purpose, file: FileInspection, width: number): string[] {
  const { endOfTurn, lengths, duplicates, notes } = file;
  const optional = (count: number, what: string) => (count > 0 ? [row(what, number(count))] : []);
  return [
    wrapText(`${purpose}: ${file.path}`, { width }),
    ...rowCounts(purpose, file)
      .filter(({ count, isShownAtZero }) => count > 0 || isShownAtZero)
      .map(({ what, count }) => row(what, number(count))),
    row("tokens", number(file.tokens)),
    row(
      "tokens that are learned",
      `${number(file.supervisedTokens)}${share(file.supervisedTokens, file.tokens)}`,
    ),
    row("rows that teach where to stop", number(endOfTurn.learned)),
    ...optional(endOfTurn.cut, "rows whose end of turn is cut off"),
    ...optional(endOfTurn.unlearned, "rows that should teach where to stop, and do not"),
    row("rows whose text an earlier row has", number(duplicates.count)),
    ...(duplicates.count > 0 ? [wrapText(examples(duplicates, "row"), { width, indent: 2 })] : []),
    ...notes.slice(1).map((note) => wrapText(note, { width, indent: 2 })),
    ...(lengths === null ? [] : renderLengths(lengths)),
  ];
}

const BAR_COLUMNS = 44;

function renderLengths({ min, mean, median, p95, max, histogram }: RowLengths): string[] {
  const most = Math.max(...histogram.map(({ rows }) => rows));
  const bars = histogram.map(({ from, to, rows }) => {
    // A row that is there is seen.
    const columns = rows === 0 ? 0 : Math.max(1, Math.round((rows / most) * BAR_COLUMNS));
    const range = from === to ? String(from) : `${from}-${to}`;
    return `${`${range.padStart(17)} ${"█".repeat(columns)}`.padEnd(64)}${number(rows).padStart(10)}`;
  });
  return [
    `  Tokens a row: ${min} to ${max}, mean ${mean.toFixed(1)}, median ${median}, 95 % up to ${p95}`,
    ...bars,
  ];
}

function examples({ count, examples: found }: Repetitions, other: string): string {
  const listed = found.map(({ row: repeated, sameAs }) => `row ${repeated} as ${other} ${sameAs}`);
  return `${listed.join(", ")}${count > found.length ? ", ..." : ""}`;
}

/** What is counted, and behind it, in one column for all, how many. */
const row = (what: string, value: string): string =>
  `  ${what}${value.padStart(Math.max(72 - what.length, value.length + 1))}`;

const number = (value: number): string => value.toLocaleString("en");

const share = (part: number, all: number): string =>
  all === 0 ? "" : ` (${Math.round((100 * part) / all)} %)`;
