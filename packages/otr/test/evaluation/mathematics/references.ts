/** @file What math-verify says; `peers/math_verify_pairs.py` wrote it. */
import { readFileSync } from "node:fs";

/** By reference answer and output: the text taken for the answer, and the verdict. */
const stored: Record<string, Record<string, [string | null, boolean]>> = JSON.parse(
  readFileSync(new URL("../../references/math-verify.json", import.meta.url), "utf8"),
);

export const mathVerifyPairs = Object.entries(stored).flatMap(([gold, answers]) =>
  Object.entries(answers).map(([response, [text, equal]]) => ({ gold, response, text, equal })),
);
