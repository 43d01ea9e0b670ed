/** @file What math-verify and lm-evaluation-harness say; `peers/math_verify_pairs.py` and `harness_normal_forms.py` wrote it. */
import { readFileSync } from "node:fs";

/** By reference answer and output: the text taken for the answer, and the verdict. */
const stored: Record<string, Record<string, [string | null, boolean]>> = JSON.parse(
  readFileSync(new URL("../../references/math-verify.json", import.meta.url), "utf8"),
);

export const mathVerifyPairs = Object.entries(stored).flatMap(([gold, answers]) =>
  Object.entries(answers).map(([response, [text, equal]]) => ({ gold, response, text, equal })),
);

/** By text: in Minerva's form, and in the MATH data set's, or null where the reference raises an error. */
export const normalForms: Record<string, [string, string | null]> = JSON.parse(
  readFileSync(new URL("../../references/harness-normal-forms.json", import.meta.url), "utf8"),
);
