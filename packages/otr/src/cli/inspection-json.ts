/** @file An inspection for programs: a line of JSON for each row, and one for the summary. */
import type { RowReport } from "../data/encode-block.js";
import { IGNORE_INDEX } from "../data/encoded-row.js";
import type { RowTrace } from "../data/row-source.js";
import type { FileInspection, Inspection } from "../training/inspect-run.js";
import { FATES } from "./token-pieces.js";

/**
 * A row: `input_ids` and `labels` as training takes them (labels not shifted, {@link IGNORE_INDEX} where nothing is
 * learned); for a row that is left out, all its tokens and nothing learned. `text` and `trained_spans`, in code points of
 * it, are those before truncation.
 */
export function rowLine(
  { id, place, source, whole, kept, fate, endOfTurn, lostCharacters }: RowReport,
  { trainedSpans }: RowTrace,
): string {
  const isTaken = fate === "trained" || fate === "truncated";
  const [start, end] = isTaken ? kept : [0, whole.inputIds.length];
  const labels = isTaken
    ? Array.from(whole.labels.subarray(start, end))
    : Array.from(whole.labels, () => IGNORE_INDEX);
  return JSON.stringify({
    row: id,
    text: source.text,
    input_ids: Array.from(whole.inputIds.subarray(start, end)),
    labels,
    trained_spans: trainedSpans,
    place,
    status: fate,
    ...(isTaken ? {} : { reason: FATES[fate] }),
    end_of_turn: endOfTurn,
    ...(lostCharacters.length > 0 && { lost_characters: lostCharacters }),
  });
}

/** The counts, under the key `summary`. */
export function summaryLine({
  notes,
  train,
  evaluation,
  shared,
  work,
  warnings,
  problem,
}: Inspection): string {
  return JSON.stringify({
    summary: {
      notes,
      train: fileSummary(train),
      eval: evaluation && fileSummary(evaluation),
      eval_rows_in_train: shared && repetitions(shared),
      steps_per_epoch: work?.stepsPerEpoch ?? null,
      total_steps: work?.totalSteps ?? null,
      tokens_per_step: work?.tokensPerStep ?? null,
      total_tokens: work?.totalTokens ?? null,
      warnings,
      error: problem && { code: problem.code, message: problem.message },
    },
  });
}

function fileSummary(file: FileInspection) {
  const { lengths } = file;
  return {
    path: file.path,
    rows: file.rows,
    usable: file.usable,
    truncated: file.truncated,
    trained: file.trained,
    dropped: file.dropped,
    end_of_turn: file.endOfTurn,
    tokens: file.tokens,
    supervised_tokens: file.supervisedTokens,
    lengths,
    duplicates: repetitions(file.duplicates),
    notes: file.notes,
  };
}

function repetitions({
  count,
  examples,
}: {
  count: number;
  examples: readonly { row: number; sameAs: number }[];
}) {
  return { count, examples: examples.map(({ row, sameAs }) => ({ row, same_as: sameAs })) };
}
