/** @file Rows put together into bins, so that every pass has about the same number of tokens. */
import { LARGEST_BIN } from "../config/largest-count.js";
import { OtrError } from "../errors.js";

/** Rows in bins. Each row is in one bin, whole. */
export interface Bins {
  /** How many bins there are. */
  readonly count: number;
  /** The indices of a bin's rows, ascending. */
  rowsOf(bin: number): Uint32Array;
}

/**
 * Best-fit decreasing, as in TRL's `bfd`: the rows, longest first, each into the bin in which it leaves the least room.
 * Takes time for `rows x log(capacity)`. Bins are numbered by their first row, so that bins in order are about the file
 * in order.
 * @param lengths tokens of each row, at least 1
 * @param capacity tokens of a bin, at most {@link LARGEST_BIN}: the search tree needs memory for each
 * @throws OtrError `INVALID_ARGUMENT` for a row that does not fit a bin, and for too large a bin
 */
export function bestFitDecreasing(lengths: Uint32Array, capacity: number): Bins {
  if (capacity > LARGEST_BIN) {
    throw new OtrError(
      "INVALID_ARGUMENT",
      `a bin has ${capacity} tokens; it goes through the model at once, so give at most ${LARGEST_BIN}`,
    );
  }
  const binOf = new Uint32Array(lengths.length);
  const rooms = new Rooms(capacity);
  // Bins with the same room: the last one, and behind each bin the one before it.
  const lastWith = new Map<number, number>();
  const beforeIt: (number | undefined)[] = [];
  for (const row of longestFirst(lengths)) {
    const length = lengths[row]!;
    if (length > capacity) throw tooLong(row, length, capacity);
    const room = rooms.smallestFrom(length);
    let bin = beforeIt.length;
    if (room === null) {
      beforeIt.push(undefined);
    } else {
      bin = lastWith.get(room)!;
      const before = beforeIt[bin];
      if (before === undefined) {
        lastWith.delete(room);
        rooms.remove(room);
      } else lastWith.set(room, before);
    }
    binOf[row] = bin;
    const left = (room ?? capacity) - length;
    if (left === 0) continue;
    beforeIt[bin] = lastWith.get(left);
    lastWith.set(left, bin);
    rooms.add(left);
  }
  return byFirstRow(binOf, beforeIt.length);
}

/** The indices of the rows by descending length; rows of one length stay in order. A counting sort. */
function longestFirst(lengths: Uint32Array): Uint32Array {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const next = new Uint32Array(longest + 2);
  for (const length of lengths) next[longest - length + 1]! += 1;
  for (let at = 1; at < next.length; at++) next[at]! += next[at - 1]!;
  const order = new Uint32Array(lengths.length);
  for (const [row, length] of lengths.entries()) order[next[longest - length]!++] = row;
  return order;
}

function byFirstRow(binOf: Uint32Array, count: number): Bins {
  const numbers = new Int32Array(count).fill(-1);
  const starts = new Uint32Array(count + 1);
  let found = 0;
  for (const bin of binOf) {
    if (numbers[bin] === -1) numbers[bin] = found++;
    starts[numbers[bin]! + 1]! += 1;
  }
  for (let bin = 0; bin < count; bin++) starts[bin + 1]! += starts[bin]!;
  const next = starts.slice();
  const rows = new Uint32Array(binOf.length);
  for (const [row, bin] of binOf.entries()) rows[next[numbers[bin]!]!++] = row;
  return { count, rowsOf: (bin) => rows.subarray(starts[bin], starts[bin + 1]) };
}

/** A set of whole numbers from 1 to a limit: a segment tree whose nodes hold the largest number below them. */
class Rooms {
  readonly #leaves: number;
  readonly #largest: Uint32Array;

  constructor(limit: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(limit + 1));
    this.#largest = new Uint32Array(2 * this.#leaves);
  }

  add(room: number): void {
    this.#set(room, room);
  }

  remove(room: number): void {
    this.#set(room, 0);
  }

  /** The smallest number of at least `wanted`, or null. */
  smallestFrom(wanted: number): number | null {
    if (this.#largest[1]! < wanted) return null;
    let node = 1;
    while (node < this.#leaves) {
      node *= 2;
      if (this.#largest[node]! < wanted) node += 1;
    }
    return this.#largest[node]!;
  }

  #set(room: number, value: number): void {
    let node = this.#leaves + room;
    this.#largest[node] = value;
    while (node > 1) {
      node = Math.floor(node / 2);
      this.#largest[node] = Math.max(this.#largest[2 * node]!, this.#largest[2 * node + 1]!);
    }
  }
}

function tooLong(row: number, length: number, capacity: number): OtrError {
  return new OtrError(
    "INVALID_ARGUMENT",
    `row ${row} has ${length} tokens and a bin ${capacity}; bins hold whole rows, so cut the row first`,
  );
}
