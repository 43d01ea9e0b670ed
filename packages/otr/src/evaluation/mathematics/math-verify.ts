import { answersEqual } from "./answers-equal.js";
import { extractAnswer } from "./extract-answers.js";

/** {@link verifyMathematics} without a limit of time. */
export function mathVerify(gold: string, output: string): boolean {
  const [wanted, found] = [extractAnswer(gold), extractAnswer(output)];
  if (wanted.text !== null && wanted.text.trim() !== "" && wanted.text.trim() === found.text?.trim())
    return true;
  return (
    wanted.expression !== null &&
    found.expression !== null &&
    answersEqual(wanted.expression, found.expression)
  );
}
