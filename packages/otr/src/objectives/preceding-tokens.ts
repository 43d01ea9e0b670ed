import { aten, type Tensor, tensor } from "@one-token/torch";
import { OtrError } from "../errors.js";
import type { TokenPlaces } from "./random-stream.js";

/** The tokens that stand in a row before each of N positions, every one of them once. */
export interface PrecedingTokens {
  /** `(N, K) int64` tokens and `(N, K) bool`, which of them are there: rows and positions have different numbers of them. */
  candidates(): { readonly tokens: Tensor; readonly present: Tensor };
  /** Those of the positions start .. start + length - 1. */
  narrow(start: number, length: number): PrecedingTokens;
}

/**
 * The tokens before N places. They depend on row and position and on nothing else.
 *
 * @param rows those that the places name by `id`
 * @throws OtrError `ROW_UNKNOWN` where one of them is missing
 */
export function precedingTokens(
  rows: readonly { readonly id: number; readonly inputIds: Int32Array }[],
  { rowIds, positions }: TokenPlaces,
  device = "cpu",
): PrecedingTokens {
  // The distinct tokens before a position are the first ones of its row's list: one list a row holds them for all.
  const lists = rows.map(({ inputIds }) => firstAppearances(inputIds));
  const indexOf = new Map(rows.map(({ id }, index) => [id, index]));
  const places = Array.from(rowIds, (id, at) => {
    const row = indexOf.get(id);
    if (row === undefined) {
      throw new OtrError("ROW_UNKNOWN", `row ${id} is not among the ${rows.length} rows that were given`);
    }
    return { row, count: lists[row]!.countBefore[positions[at]!]! };
  });
  const width = places.reduce((most, { count }) => Math.max(most, count), 0);
  const table = new Int32Array(rows.length * width);
  for (const [row, { distinct }] of lists.entries()) table.set(distinct.slice(0, width), row * width);
  const options = { dtype: "int64", device } as const;
  return precedingOf({
    table: tensor(table, { ...options, shape: [rows.length, width] }),
    rowOf: tensor(
      Int32Array.from(places, ({ row }) => row),
      options,
    ),
    counts: tensor(
      Int32Array.from(places, ({ count }) => count),
      options,
    ),
  });
}

interface Lists {
  /** `(R, K) int64` */
  readonly table: Tensor;
  /** `(N) int64` */
  readonly rowOf: Tensor;
  /** `(N) int64`: how many tokens of the row's list stand before the position. */
  readonly counts: Tensor;
}

function precedingOf({ table, rowOf, counts }: Lists): PrecedingTokens {
  return {
    candidates() {
      const width = table.shape[1]!;
      const place = aten.arange(width, { dtype: "int64", device: table.device });
      return {
        tokens: table.indexSelect(0, rowOf),
        present: aten.lt.Tensor(place.unsqueeze(0), counts.unsqueeze(1)),
      };
    },
    narrow: (start, length) =>
      precedingOf({ table, rowOf: rowOf.narrow(0, start, length), counts: counts.narrow(0, start, length) }),
  };
}

/** The distinct tokens in the order in which they first appear, and how many of them stand before each position. */
function firstAppearances(inputIds: Int32Array): { distinct: Int32Array; countBefore: Int32Array } {
  const seen = new Set<number>();
  const countBefore = inputIds.map((token) => {
    const count = seen.size;
    seen.add(token);
    return count;
  });
  return { distinct: Int32Array.from(seen), countBefore };
}
