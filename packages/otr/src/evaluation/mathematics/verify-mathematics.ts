import { compareOnThread } from "./comparison-thread.js";

/**
 * Whether the answer in a model's output says what the answer in a reference text says, as
 * `math_verify.verify(parse(gold), parse(output))` of math-verify 0.9 judges. The answers are looked for in both texts. What
 * takes longer than 5 seconds, as math-verify's limit is, is not equal. Where the two differ is in
 * docs/mathematical-equivalence.md.
 *
 * @param gold a whole solution, or an answer between dollars
 */
export function verifyMathematics(gold: string, output: string): Promise<boolean> {
  return compareOnThread({ rule: "math-verify", gold, answer: output });
}
