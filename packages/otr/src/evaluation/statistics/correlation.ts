import { mean } from "./standard-error.js";

/** Pearson's correlation of two lists of the same length; null where one of them holds one value only. */
export function correlation(first: readonly number[], second: readonly number[]): number | null {
  const [centerFirst, centerSecond] = [mean(first), mean(second)];
  let [product, squaresFirst, squaresSecond] = [0, 0, 0];
  for (const [item, score] of first.entries()) {
    const a = score - centerFirst;
    const b = second[item]! - centerSecond;
    product += a * b;
    squaresFirst += a * a;
    squaresSecond += b * b;
  }
  const scale = Math.sqrt(squaresFirst * squaresSecond);
  return scale > 0 ? Math.max(-1, Math.min(1, product / scale)) : null;
}
