/** @file What was read from a data set, cut and left out. */
import type { UnreadNames } from "./encode-block.js";
import type { TruncationMode } from "./encoded-row.js";
import { type RowFormName, titleOf } from "./row-forms/registry.js";
import type { TrainingRow } from "./training-row.js";

/**
 * Counts of what was read, cut and left out. `rows`, `tokens` and `supervisedTokens` are those that take part: of a mixture
 * by weight, of the rows that are drawn. The others are of all rows in the files.
 */
export interface DatasetSummary {
  /** Rows that can be trained on; all of them take part unless a mixture by weight draws some. */
  usableRows: number;
  /** Rows that take part. */
  rows: number;
  /** Rows that lost tokens to `max_length`. */
  truncated: number;
  /** Rows left out because they were longer than `max_length`. */
  dropped: number;
  /** Rows left out because they hold no answer, or an empty one, or none that is marked correct. */
  withoutAnswer: number;
  /** Rows left out because nothing in them is learned (after truncation). */
  withoutSupervision: number;
  /** Rows whose end-of-turn token was learned before truncation and is not any more. */
  endTokenLost: number;
  /** Rows whose end-of-turn token is not learned for another reason. */
  endTokenUntrained: number;
  /** Rows with the text of a control token in a message, which is learned as ordinary text. */
  literalControlTokens: number;
  /** Rows with tools, tool calls or thinking (`reasoning_content`) that the chat template never names. */
  leftOutByTemplate: number;
  /** Rows with thinking of some turn that the chat template leaves out, although it knows thinking. */
  thinkingDropped: number;
  /** Rows whose prompt and completion share a token: the end of the prompt is learned too. */
  tokenShared: number;
  /** Rows with characters that the tokenizer has no token for. */
  charactersLost: number;
  /** Rows whose prompt the chat template writes otherwise once it is answered: what differs of it is learned. */
  promptLearned: number;
  /** Tokens of the rows that take part. */
  tokens: number;
  /** Tokens of them that are learned. */
  supervisedTokens: number;
}

export interface DatasetDescription {
  /** The name of the file. */
  readonly name: string;
  readonly purpose: "training" | "evaluation" | null;
  readonly form: RowFormName;
  /** What its rows are trained as. */
  readonly kind: TrainingRow["form"];
  /** What is learned of a row: "the completion". */
  readonly lossOn: string;
  readonly unread: UnreadNames;
  readonly maxLength: number | null;
  readonly truncationMode: TruncationMode;
}

export function emptySummary(): DatasetSummary {
  return {
    usableRows: 0,
    rows: 0,
    truncated: 0,
    dropped: 0,
    withoutAnswer: 0,
    withoutSupervision: 0,
    endTokenLost: 0,
    endTokenUntrained: 0,
    literalControlTokens: 0,
    leftOutByTemplate: 0,
    thinkingDropped: 0,
    tokenShared: 0,
    charactersLost: 0,
    promptLearned: 0,
    tokens: 0,
    supervisedTokens: 0,
  };
}

/** What a person is told of a data set. */
export interface DatasetRemarks {
  /** What was recognised, and what the options left out or a row's form leaves out. */
  readonly notes: string[];
  /** What is lost without having been asked for, and what to do. */
  readonly warnings: string[];
}

/** Tells everything that was recognised, cut and left out. */
export function describeDataset(
  summary: Readonly<DatasetSummary>,
  about: DatasetDescription,
): DatasetRemarks {
  const tooLong = `longer than max_length ${about.maxLength}`;
  const purpose = about.purpose === null ? "" : `for ${about.purpose}, `;
  const { unread } = about;
  const lostPart = about.truncationMode === "keep_end" ? "start" : "end";
  const sentences = (counts: readonly (readonly [number, string])[]) =>
    counts.filter(([count]) => count > 0).map(([count, what]) => `${countRows(count)} ${what}.`);
  return {
    notes: [
      `${about.name}: ${countRows(summary.rows)} ${purpose}of ${describeForm(about.form, about.kind)}; loss on ${about.lossOn}.`,
      ...(unread.columns.length > 0 ? [`Columns not read: ${unread.columns.join(", ")}.`] : []),
      ...(unread.fields.length > 0
        ? [`Fields of messages that the chat template does not read: ${unread.fields.join(", ")}.`]
        : []),
      ...sentences([
        [summary.dropped, `${tooLong}, left out (truncation_mode drop)`],
        [
          summary.withoutAnswer,
          "without an answer (or with an empty one, or none that is marked correct), left out",
        ],
        [
          summary.literalControlTokens,
          "with the text of a control token in a message, learned as ordinary text",
        ],
        [
          summary.promptLearned,
          "whose prompt the chat template writes otherwise once it is answered; from there on it is learned",
        ],
      ]),
    ],
    warnings: sentences([
      [
        summary.truncated,
        `${tooLong}, cut at the ${lostPart} (truncation_mode ${about.truncationMode}); raise max_length to learn them whole`,
      ],
      [
        summary.withoutSupervision,
        "without anything to learn, left out; where max_length cuts all of the answer off, raise it",
      ],
      [
        summary.endTokenLost,
        "cut before the end-of-turn token, which is not trained there; raise max_length, or set truncation_mode to drop",
      ],
      [summary.endTokenUntrained, "without an end-of-turn token at the end to train; otr inspect shows them"],
      [
        summary.leftOutByTemplate,
        "with tools, tool calls or thinking that the chat template leaves out; choose another with chat_template",
      ],
      [
        summary.thinkingDropped,
        "with thinking in some turns that the chat template leaves out, as most do in all turns but the last; to learn " +
          "it, make each of these turns the last of a row",
      ],
      [
        summary.tokenShared,
        "whose prompt and completion share a token, so that the end of the prompt is learned with it; end the prompt " +
          "without white space, and begin the completion with it",
      ],
      [
        summary.charactersLost,
        `with characters that the tokenizer has no token for (${unread.characters.join(" ")}), so that they are not learned; ` +
          "replace them, or use a model that knows them",
      ],
    ])
      .concat(unreadVariables(unread))
      .map((sentence) => `${about.name}: ${sentence}`),
  };
}

const unreadVariables = ({ variables }: UnreadNames): string[] =>
  variables.length === 0
    ? []
    : [`chat_template_kwargs that the chat template does not read: ${variables.join(", ")}.`];

/** How the rows of a form are called, and what they are trained as where that is another form. */
export function describeForm(form: RowFormName, kind: TrainingRow["form"]): string {
  if (form === kind) return titleOf(form);
  return `${titleOf(form)} as ${kind === "prompt_completion" ? "text" : "conversations"}`;
}

function countRows(count: number): string {
  return count === 1 ? "1 row" : `${count.toLocaleString("en")} rows`;
}
