import { expect, it } from "vitest";
import { filterPipeline } from "../../../src/evaluation/filters/registry.js";
import { FunctionName } from "../../../src/evaluation/task-config.js";

const numbers = { function: "regex", regex_pattern: "(\\d)(x)?|(y)", group_select: -1 };
const TAKE_FIRST = { function: "take_first" };

it.each([
  ["the last match, its first group", [numbers, TAKE_FIRST], ["1 2x 3"], "3"],
  ["of several groups the first that is not empty", [numbers, TAKE_FIRST], ["1 y"], "y"],
  ["what is said of no match", [numbers, TAKE_FIRST], ["-"], "[invalid]"],
  ["another word for no match", [{ ...numbers, fallback: "none" }, TAKE_FIRST], ["-"], "none"],
  ["a match that is not there", [{ ...numbers, group_select: 4 }, TAKE_FIRST], ["1"], "[invalid]"],
  [
    "white space around a match",
    [{ function: "regex", regex_pattern: ":(.*)" }, TAKE_FIRST],
    [":\u001c a \u00a0"],
    "a",
  ],
  ["all answers without take_first", [{ function: "lowercase" }], ["A", "B"], ["a", "b"]],
  ["the first answers", [{ function: "take_first_k", k: 2 }], ["a", "b", "c"], ["a", "b"]],
  ["the commonest answer", [{ function: "majority_vote" }, TAKE_FIRST], ["a", "b", "b", "a", "c"], "a"],
  ["white space in front", [{ function: "remove_whitespace" }, TAKE_FIRST], [" \u0085 a "], "a "],
  [
    "a block behind its fence",
    [{ function: "custom", filter_fn: new FunctionName("mbpp.build_predictions") }],
    ["python\nx = 1\n```\nmore"],
    ["x = 1"],
  ],
] as const)("%s", (_, filters, responses, answer) => {
  expect(filterPipeline("name", filters).apply(responses, {})).toEqual(answer);
});
