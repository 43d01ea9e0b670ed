import { stripString, UnstrippableError } from "./strip-string.js";

/**
 * Whether two answers are the same text to the MATH data set's own code (`is_equiv` of lm-evaluation-harness's
 * hendrycks_math): equal after {@link stripString}. Very strict: `1/2` is not `0.50`, `2x` not `x2`.
 */
export function hendrycksEqual(first: string, second: string): boolean {
  try {
    return stripString(first) === stripString(second);
  } catch (error) {
    if (!(error instanceof UnstrippableError)) throw error;
    return first === second;
  }
}
