/** @file The filters that make answers of what a model wrote. To add one: a row here. */
import { z } from "zod";
import { closest } from "../../config/closest.js";
import { pythonText } from "../../data/python-text.js";
import { DataError } from "../../errors.js";
import type { Document } from "../document.js";
import { type FilterConfig, FunctionName } from "../task-config.js";
import { filterFunction } from "../task-functions.js";
import type { Filter } from "./filter.js";
import { regexFilter } from "./regex.js";

/** A step, or the end of a pipeline that takes one answer out of several. */
interface Pipeline {
  readonly name: string;
  /** What is scored: a text, or several for metrics that look at all of them. */
  apply(responses: readonly string[], document: Document): string | string[];
}

const none = z.strictObject({});
const each =
  (change: (text: string) => string): Filter =>
  (responses) =>
    responses.map(change);

/** How each filter reads its settings. */
const FILTERS: Readonly<Record<string, (settings: unknown) => Filter>> = {
  regex: (settings) => regexFilter(regexSettings.parse(settings)),
  remove_whitespace: withoutSettings(each((text) => pythonText("lstrip", text, undefined) ?? text)),
  lowercase: withoutSettings(each((text) => text.toLowerCase())),
  uppercase: withoutSettings(each((text) => text.toUpperCase())),
  take_first_k: (settings) => {
    const { k } = z.strictObject({ k: z.int().min(1) }).parse(settings);
    return (responses) => responses.slice(0, k);
  },
  majority_vote: withoutSettings((responses) => [commonest(responses)]),
  custom: (settings) =>
    filterFunction(z.strictObject({ filter_fn: z.instanceof(FunctionName) }).parse(settings).filter_fn),
};

/** The filter that ends a pipeline with one answer. */
const TAKE_FIRST = "take_first";

const regexSettings = z.strictObject({
  regex_pattern: z.string().default("#### (\\-?[0-9\\.\\,]+)"),
  group_select: z.int().default(0),
  fallback: z.string().default("[invalid]"),
});

function withoutSettings(filter: Filter): (settings: unknown) => Filter {
  return (settings) => {
    none.parse(settings);
    return filter;
  };
}

/** The text that occurs most often; of several the first. */
function commonest(responses: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const response of responses) counts.set(response, (counts.get(response) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)![0];
}

/**
 * Makes a pipeline of its filters.
 *
 * @throws {DataError} `TASK_FILTER` for a filter that there is not, or wrong settings; `TASK_REGEX`, `TASK_FUNCTION`
 */
export function filterPipeline(name: string, configs: readonly FilterConfig[]): Pipeline {
  const takesFirst = configs.at(-1)?.function === TAKE_FIRST;
  const filters = (takesFirst ? configs.slice(0, -1) : configs).map(makeFilter);
  return {
    name,
    apply(responses, document) {
      const filtered = filters.reduce<readonly string[]>(
        (texts, filter) => filter(texts, document),
        responses,
      );
      return takesFirst ? (filtered[0] ?? "") : [...filtered];
    },
  };
}

function makeFilter({ function: name, ...settings }: FilterConfig): Filter {
  const make = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (make === undefined) {
    const meant = closest(name, [...Object.keys(FILTERS), TAKE_FIRST]);
    const hint =
      meant === null
        ? `known are ${Object.keys(FILTERS).join(", ")}, and ${TAKE_FIRST} at the end`
        : `did you mean ${meant}?`;
    throw new DataError("TASK_FILTER", `the filter ${name} cannot stand here; ${hint}`);
  }
  try {
    return make(settings);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path.join(".")} ${message}`.trim());
    throw new DataError("TASK_FILTER", `the filter ${name}: ${problems.join("; ")}`);
  }
}
