import { z } from "zod";
import { PythonRegex } from "../python-regex.js";

const PUNCTUATION = /[!-/:-@[-`{-~]/g;

const schema = z.object({
  regexes_to_ignore: z.array(z.string()).nullable().default(null),
  ignore_case: z.boolean().default(false),
  ignore_punctuation: z.boolean().default(false),
  ignore_numbers: z.boolean().default(false),
});

/**
 * `exact_match`: whether answer and reference are the same text, after the settings have removed from both what does not
 * count: each pattern in turn, then case, punctuation and digits of ASCII.
 *
 * @param settings `regexes_to_ignore`, `ignore_case`, `ignore_punctuation`, `ignore_numbers`
 * @throws {ZodError} for settings of the wrong type
 * @throws {DataError} `TASK_REGEX`
 */
export function exactMatch(settings: unknown): (reference: string, prediction: string) => boolean {
  const { regexes_to_ignore: patterns, ...ignored } = schema.parse(settings);
  const regexes = (patterns ?? []).map((pattern) => new PythonRegex(pattern));
  const reduced = (text: string): string => {
    let rest = regexes.reduce((left, regex) => regex.replaceAll(left, ""), text);
    if (ignored.ignore_case) rest = rest.toLowerCase();
    if (ignored.ignore_punctuation) rest = rest.replace(PUNCTUATION, "");
    if (ignored.ignore_numbers) rest = rest.replace(/[0-9]/g, "");
    // NumPy's texts end before the NUL characters at their end.
    return rest.replace(/\0+$/, "");
  };
  return (reference, prediction) => reduced(reference) === reduced(prediction);
}
