/** @file A row as pieces of text, one for each token, for a person to look at. */
import type { RowReport } from "../data/encode-block.js";
import { IGNORE_INDEX } from "../data/encoded-row.js";
import type { RowTrace } from "../data/row-source.js";

/** A token and the text that it stands for. */
export interface TokenPiece {
  readonly id: number;
  /** The texts of all pieces, end to end, are the row's; where several tokens spell one character the first has it. */
  readonly text: string;
  readonly state: "trained" | "context" | "cut";
}

/** The pieces of a row before truncation; tokens that `max_length` cuts off, or of a row that is left out, are "cut". */
export function tokenPieces({ source, whole, kept, fate }: RowReport, { offsets }: RowTrace): TokenPiece[] {
  const characters = [...source.text];
  const isTaken = fate === "trained" || fate === "truncated";
  let shown = 0;
  return Array.from(whole.inputIds, (id, at): TokenPiece => {
    const end = Math.max(shown, offsets[at]![1]);
    const isLast = at === whole.inputIds.length - 1;
    const text = characters.slice(shown, isLast ? characters.length : end).join("");
    shown = end;
    const isKept = isTaken && kept[0] <= at && at < kept[1];
    // Nothing stands before the first token to predict it from.
    const isLearned = whole.labels[at] !== IGNORE_INDEX && at > kept[0];
    const state = isKept ? (isLearned ? "trained" : "context") : "cut";
    return { id, text, state };
  });
}

/** What a row is called by what becomes of it, and why. */
export const FATES = {
  trained: "trained",
  truncated: "trained, cut to max_length",
  too_long: "left out: longer than max_length (truncation_mode drop)",
  cut_to_nothing: "left out: all that there is to learn lies beyond max_length",
  nothing_to_learn: "left out: nothing in it is learned",
} as const satisfies Record<RowReport["fate"], string>;

/** What is said of the end of a turn. */
export const ENDS = {
  learned: "the end of the turn is learned",
  cut: "the end of the turn is cut off",
  unlearned: "the end of the turn is NOT learned",
} as const satisfies Record<NonNullable<RowReport["endOfTurn"]>, string>;
