/** @file How many rows of a data set are used, cut and left out, in words. */
import type { FileInspection } from "../training/inspect-run.js";
import { FATES } from "./token-pieces.js";

/** What the rows of a data set are for. */
export type Purpose = "Training" | "Evaluation";

/** A count of rows. */
export interface RowCount {
  readonly what: string;
  readonly count: number;
  /** Whether it is worth a line where it is 0. */
  readonly isShownAtZero: boolean;
}

/** The rows of a data set, from all of them to those that a run takes. */
export function rowCounts(purpose: Purpose, file: FileInspection): RowCount[] {
  const { rows, usable, truncated, dropped, trained } = file;
  const isMixed = trained !== usable;
  const use = purpose === "Training" ? "trained on" : "evaluated";
  const optional = (what: string, count: number) => ({ what, count, isShownAtZero: false });
  return [
    { what: "rows", count: rows, isShownAtZero: true },
    { what: `rows that ${isMixed ? "can be" : "are"} ${use}`, count: usable, isShownAtZero: true },
    optional("of these cut to max_length", truncated),
    optional(FATES.too_long, dropped.too_long),
    optional(FATES.cut_to_nothing, dropped.cut_to_nothing),
    optional(FATES.nothing_to_learn, dropped.nothing_to_learn),
    ...(isMixed ? [optional("rows that the mixture by weight takes", trained)] : []),
  ];
}
