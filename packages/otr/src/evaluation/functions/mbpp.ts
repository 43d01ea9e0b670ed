/** @file Functions of the tasks `mbpp*` (Austin et al., arXiv 2108.07732). */
import { PythonRegex } from "../python-regex.js";

const BLOCK = new PythonRegex("(?s)```(?:\\w+)?\\n?(.*?)\\n?```");

/**
 * The programs: the first fenced block of an answer whose opening fence stands in the prompt. As in the harness, whose
 * pattern takes a first word behind the fence for the name of a language.
 */
export const buildPredictions = (responses: readonly string[]): string[] =>
  responses.map((response) => {
    const [block] = BLOCK.findAll(`\`\`\`${response}`);
    const [unnamed] = block === undefined ? BLOCK.findAll(response.replaceAll("```python", "```")) : [block];
    return typeof unnamed === "string" ? unnamed : "";
  });
