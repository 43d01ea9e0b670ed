/** @file Rows of several data sets as those of one. */
import type { EncodedRow } from "./encoded-row.js";
import type { TokenRows } from "./token-store.js";

/** A data set's part in a mixture. */
export interface MixedPart {
  readonly rows: TokenRows;
  /** Which of its rows take part, in their order; null: all. */
  readonly chosen: Uint32Array | null;
  /** What its first row is called in the mixture; the others follow. */
  readonly firstId: number;
}

/** The rows of the parts, one part behind the other. */
export class MixedRows implements TokenRows {
  readonly lengths: Uint32Array;
  readonly #parts: readonly MixedPart[];
  /** The index at which each part ends. */
  readonly #ends: readonly number[];

  constructor(parts: readonly MixedPart[]) {
    this.#parts = parts;
    const lengths = parts.map(({ rows, chosen }) => chosen?.map((row) => rows.lengths[row]!) ?? rows.lengths);
    let end = 0;
    this.#ends = lengths.map((part) => {
      end += part.length;
      return end;
    });
    this.lengths = new Uint32Array(end);
    for (const [at, part] of lengths.entries()) this.lengths.set(part, this.#ends[at]! - part.length);
  }

  get length(): number {
    return this.lengths.length;
  }

  read(indices: Iterable<number>): Promise<EncodedRow[]> {
    return Promise.all(Array.from(indices, (index) => this.#readRow(index)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#parts.map(({ rows }) => rows.close()));
  }

  async #readRow(index: number): Promise<EncodedRow> {
    const at = this.#ends.findIndex((end) => index < end);
    const { rows, chosen, firstId } = this.#parts[at]!;
    const inPart = index - (this.#ends[at - 1] ?? 0);
    const [row] = await rows.read([chosen?.[inPart] ?? inPart]);
    return { ...row!, id: firstId + row!.id };
  }
}
