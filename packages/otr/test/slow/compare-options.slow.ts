/** @file Configurations of comparisons with odd values in every place. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { compareOptionSet } from "../../src/config/compare-options.js";
import { ConfigError } from "../../src/errors.js";
import { type ComparisonInput, makeComparisonWorkspace } from "../experiments/comparison-workspace.js";

let workspace: Awaited<ReturnType<typeof makeComparisonWorkspace>>;
beforeAll(async () => {
  workspace = await makeComparisonWorkspace();
});
afterAll(() => workspace.dispose());

/** The place of each mistake; whatever else is thrown goes on. */
function mistakesOf(more: ComparisonInput): string[] {
  try {
    workspace.config(more);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where }) => where);
  }
}

/** Values that are not what any option wants, or only some. */
const ODD: readonly unknown[] = [
  null,
  "",
  "x",
  0,
  -1,
  1e300,
  Number.NaN,
  true,
  [],
  [[]],
  [null],
  ["a", 3],
  {},
  { a: null },
  { a: {} },
  { a: { b: { c: [] } } },
  { "": 1 },
  { __proto__: { a: 1 } },
  { path: 3 },
  { dataset: "none.jsonl", tasks: { validation: 3 } },
  { "a/b": "c" },
];

it("names mistakes, and throws nothing else, whatever stands in the place of an option or of one in it", () => {
  const whole = workspace.input() as Record<string, unknown>;
  const inner = ["train", "tasks", "models", "objectives", "datasets", "selection"];
  let count = 0;
  for (const odd of ODD) {
    for (const key of Object.keys(compareOptionSet.schema.shape)) count += mistakesOf({ [key]: odd }).length;
    for (const key of inner) {
      const names = [...Object.keys((whole[key] ?? {}) as object), "loss_type", "max_steps", "metric"];
      for (const name of names)
        count += mistakesOf({ [key]: { ...(whole[key] as object), [name]: odd } }).length;
    }
  }
  expect(count).toBeGreaterThan(1000);
});
