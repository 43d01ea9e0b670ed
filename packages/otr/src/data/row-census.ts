/** @file Counts what becomes of the rows of a data file, row by row, in memory that hardly grows with them. */
import { countSupervised } from "./encoded-row.js";
import type { RowFate, RowReport } from "./encode-block.js";
import { TextHashes } from "./text-hashes.js";

/** Rows whose number of tokens is from `from` to `to`, both included. */
export interface LengthBar {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Tokens of the rows, before truncation. */
export interface RowLengths {
  readonly min: number;
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  readonly histogram: readonly LengthBar[];
}

const MOST_BARS = 12;

/** Counts rows. */
export class RowCensus {
  readonly texts = new TextHashes();
  readonly fates: Record<RowFate, number> = {
    trained: 0,
    truncated: 0,
    too_long: 0,
    cut_to_nothing: 0,
    nothing_to_learn: 0,
  };
  readonly ends = { learned: 0, cut: 0, unlearned: 0 };
  /** The first row that should teach where to stop and does not. */
  firstUnlearned: RowReport | null = null;
  rows = 0;
  /** Of the rows that are trained on, as they are. */
  tokens = 0;
  supervisedTokens = 0;
  /** Rows by their number of tokens. */
  readonly #byLength = new Map<number, number>();

  add(report: RowReport): void {
    const { id, source, whole, fate, kept, endOfTurn } = report;
    const length = whole.inputIds.length;
    this.rows += 1;
    this.texts.add(id, source.text);
    this.fates[fate] += 1;
    this.#byLength.set(length, (this.#byLength.get(length) ?? 0) + 1);
    if (fate === "trained" || fate === "truncated") {
      this.tokens += kept[1] - kept[0];
      this.supervisedTokens += countSupervised(whole.labels.subarray(...kept));
    }
    if (endOfTurn !== null) this.ends[endOfTurn] += 1;
    if (endOfTurn === "unlearned") this.firstUnlearned ??= report;
  }

  /** Null where there are no rows. */
  lengths(): RowLengths | null {
    if (this.rows === 0) return null;
    const lengths = [...this.#byLength].sort(([a], [b]) => a - b);
    /** The shortest length that this share of the rows does not exceed. */
    const quantile = (share: number): number => {
      let rows = 0;
      return lengths.find(([, count]) => {
        rows += count;
        return rows >= share * this.rows;
      })![0];
    };
    const total = lengths.reduce((sum, [length, rows]) => sum + length * rows, 0);
    return {
      min: lengths[0]![0],
      mean: total / this.rows,
      median: quantile(0.5),
      p95: quantile(0.95),
      max: lengths.at(-1)![0],
      histogram: bars(lengths),
    };
  }
}

/** At most {@link MOST_BARS} bars of one width, which is 1, 2 or 5 times a power of ten. */
function bars(lengths: readonly (readonly [length: number, rows: number])[]): LengthBar[] {
  const [first, last] = [lengths[0]![0], lengths.at(-1)![0]];
  let width = 1;
  for (let at = 0; Math.floor(last / width) - Math.floor(first / width) >= MOST_BARS; at++) {
    width = [2, 5, 10][at % 3]! * 10 ** Math.floor(at / 3);
  }
  const lowest = Math.floor(first / width);
  const rows = new Array<number>(Math.floor(last / width) - lowest + 1).fill(0);
  for (const [length, count] of lengths) rows[Math.floor(length / width) - lowest]! += count;
  return rows.map((count, at) => ({
    from: (lowest + at) * width,
    to: (lowest + at + 1) * width - 1,
    rows: count,
  }));
}
