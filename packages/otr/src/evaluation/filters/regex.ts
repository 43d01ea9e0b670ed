import { pythonText } from "../../data/python-text.js";
import { PythonRegex } from "../python-regex.js";
import type { Filter } from "./filter.js";

/**
 * `regex`: what a pattern finds in an answer. Of all matches the one numbered `group_select` (from the end where negative),
 * of its groups the first that is not empty, without white space around it; `fallback` where nothing is found.
 */
export function regexFilter(settings: {
  readonly regex_pattern: string;
  readonly group_select: number;
  readonly fallback: string;
}): Filter {
  const regex = new PythonRegex(settings.regex_pattern);
  return (responses) => responses.map((response) => extract(regex, response, settings));
}

function extract(
  regex: PythonRegex,
  response: string,
  { group_select: select, fallback }: { readonly group_select: number; readonly fallback: string },
): string {
  const match = regex.findAll(response).at(select);
  const text = Array.isArray(match) ? match.find((group) => group !== "") : match;
  return text === undefined ? fallback : (pythonText("strip", text, undefined) ?? text);
}
