/** @file What every format of data files is turned into: blocks of JSON lines that know where they come from. */

import type { Split } from "../../config/data-files.js";

/** Some rows of a data file. */
export interface RowBlock {
  /** Whole lines, each one JSON object; an empty line holds no row. */
  readonly lines: Uint8Array;
  /** The place in the file of a line of the block, which counts from 1: `rows.csv:17`, `rows.parquet row 17`. */
  placeOf(line: number): string;
  /** Rows that could not be read, by the empty line that stands for each. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** Which part of a file is meant that holds several splits. */
export interface WantedSplit {
  readonly name: Split;
  /** Whether a file without splits is a mistake, because the person has named one. */
  readonly isNamed: boolean;
}

/** What is meant where nothing is said. */
export const TRAIN_SPLIT: WantedSplit = { name: "train", isNamed: false };

/** A format of data files. */
export interface DataFormat {
  /** What it is called towards the person: "CSV". */
  readonly title: string;
  /** Whether one file may hold several splits. */
  readonly holdsSplits?: true;
  /**
   * Reads a file without holding it in memory.
   * @param onBytes Is given every byte of the file, in order.
   * @param split Which rows are handed out where the file holds splits. Default: {@link TRAIN_SPLIT}.
   * @throws DataError `DATASET_UNREADABLE` where the file cannot be read, `DATASET_FORMAT` where the rest of it cannot be
   */
  read(path: string, onBytes: (bytes: Uint8Array) => void, split?: WantedSplit): AsyncGenerator<RowBlock>;
}

/** The largest row, in bytes: far beyond what a model can learn from, and small enough to be in memory a few times. */
export const LARGEST_ROW = 1 << 26;

/** The size of a block: some hundred rows, enough to be encoded together. */
export const BLOCK_BYTES = 1 << 18;
