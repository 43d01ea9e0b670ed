/**
 * @file The programs that code tasks run: a model's output, the task's tests and the call of them in one text, as
 * lm-evaluation-harness puts them together (`tasks/humaneval/utils.py`, `tasks/mbpp/utils.py`, `code_eval`'s
 * `compute`: prediction, a newline, reference).
 */

/** A row of HumanEval or HumanEval+. */
export interface HumanEvalRow {
  readonly prompt: string;
  readonly test: string;
  readonly entry_point: string;
}

/** A row of MBPP; rows of MBPP+ have `test` too, all of its tests in one text. */
export interface MbppRow {
  readonly test_list: readonly string[];
  readonly test?: string;
}

/** What `humaneval` and `humaneval_plus` take for the model's function: the prompt goes on with the output. */
export const humanEvalPrediction = ({ prompt }: HumanEvalRow, output: string): string => prompt + output;

/** What `humaneval_instruct` takes for it: the output up to its first fence. */
export function humanEvalInstructPrediction({ prompt }: HumanEvalRow, output: string): string {
  const fence = output.indexOf("```");
  return prompt + (fence === -1 ? output : output.slice(0, fence));
}

/** What HumanEval's functions are held against. */
export const humanEvalReference = ({ test, entry_point }: HumanEvalRow): string =>
  `${test}\ncheck(${entry_point})`;

/**
 * What `mbpp_instruct` takes for the model's function: the first fenced block, or nothing; its prompt has opened the fence.
 * (`mbpp` takes the output as it is.)
 */
export function mbppInstructPrediction(output: string): string {
  return firstBlock(`\`\`\`${output}`) ?? firstBlock(output.replaceAll("```python", "```")) ?? "";
}

/**
 * Python's `` re.findall(r"```(?:\w+)?\n?(.*?)\n?```", text, re.DOTALL) ``, the first of them: the opening fence's word is taken
 * for the name of a language, in any alphabet.
 */
const firstBlock = (text: string): string | undefined =>
  /```(?:[\p{L}\p{N}_]+)?\n?([\s\S]*?)\n?```/u.exec(text)?.[1];

/** What MBPP's functions are held against: the first three tests. */
export const mbppReference = ({ test_list }: MbppRow): string => test_list.slice(0, 3).join("\n");

/** What the tests of HumanEval+ and MBPP+ import. */
export const PLUS_MODULES = ["numpy"] as const;

/** What MBPP+'s functions are held against. */
export const mbppPlusReference = ({ test = "" }: MbppRow): string => test;

/** The program that is run: it passes when its end is reached. */
export const codeProgram = (prediction: string, reference: string): string => `${prediction}\n${reference}`;
