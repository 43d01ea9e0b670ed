import { aten, philoxUniform, type Tensor, tensor } from "@one-token/torch";
import { OtrError } from "../errors.js";

/** Draws candidate tokens for N positions. */
export interface RandomStream {
  /**
   * @param weights `(N, V)`: unnormalised probabilities; overwritten.
   * @returns `(N, count) int64` token ids, drawn with replacement, in no particular order; none of weight zero.
   */
  sample(weights: Tensor, count: number): Tensor;
  /** `(N, 4) int64`, the Philox keys that name the positions; null where draws come from elsewhere. */
  readonly keys: Tensor | null;
  /** The stream of the positions start .. start + length - 1. */
  narrow(start: number, length: number): RandomStream;
}

/** Where N supervised tokens stand, in whatever batch. */
export interface TokenPlaces {
  /** The row of the data set that each of the N tokens belongs to. */
  readonly rowIds: ArrayLike<number>;
  /** Its position in that row. */
  readonly positions: ArrayLike<number>;
}

/** What names the random draws of N supervised tokens. */
export interface TokenKeys extends TokenPlaces {
  readonly seed: number;
  /** The optimizer step. */
  readonly step: number;
}

/**
 * A stream whose draws for a token depend on its seed, step, row and position and on nothing else: chunking,
 * batching, packing and order do not matter.
 *
 * @throws OtrError `TOKEN_KEYS_MISMATCH`
 */
export function keyedStream(keys: TokenKeys, device = "cpu"): RandomStream {
  const { seed, step, rowIds, positions } = keys;
  if (rowIds.length !== positions.length) {
    throw new OtrError(
      "TOKEN_KEYS_MISMATCH",
      `${rowIds.length} row ids and ${positions.length} positions were given; each token needs one of both`,
    );
  }
  const table = Array.from(rowIds, (rowId, index) => [seed, step, rowId, positions[index]]).flat();
  return streamOf(tensor(table, { shape: [rowIds.length, 4], dtype: "int64", device }));
}

function streamOf(keys: Tensor): RandomStream {
  return {
    keys,
    sample: (weights, count) => inverseCdf(weights, philoxUniform(keys, count)),
    narrow: (start, length) => streamOf(keys.narrow(0, start, length)),
  };
}

/** A stream of the tokens `(N, K) int64` whatever the probabilities: for tests and for replaying a trace. */
export function givenSamples(samples: Tensor): RandomStream {
  return {
    keys: null,
    sample: () => samples,
    narrow: (start, length) => givenSamples(samples.narrow(0, start, length)),
  };
}

/**
 * The tokens at which the cumulative weights first exceed given shares of their total.
 *
 * @param weights `(N, V)`, not negative; overwritten.
 * @param uniforms `(N, K) float32` in [0, 1).
 */
export function inverseCdf(weights: Tensor, uniforms: Tensor): Tensor {
  const vocabulary = weights.shape[1];
  const cumulative = aten.cumsum_(weights, 1);
  const total = cumulative.narrow(1, vocabulary - 1, 1);
  // A float32 below 1 is at most 1 - 2^-24, so the product rounds to less than the total: with `right`, the
  // token found exists and raises the sum. Only NaN ends beyond the last one; the clamp keeps it an index.
  const shares = uniforms.to(weights.dtype).mul_(total);
  return aten.clamp_max_(aten.searchsorted.Tensor(cumulative, shares, { right: true }), vocabulary - 1);
}
