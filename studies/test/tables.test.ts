import { expect, it } from "vitest";
import { readAnswers } from "../src/results.js";
import { studyTables } from "../src/tables.js";

const answers = readAnswers("objectives-noisy");
const tables = studyTables();
const TASKS = ["addition_test", "addition_test_sampled", "addition_hard", "other_skills"];

/** The mean over seeds and items, in percent, counted in the kept answers. */
function accuracy(objective: string, task: string): number {
  const own = answers.filter((each) => each.run.includes(`-${objective}-lr`) && each.task === task);
  const right = own.map((each) => [...each.right].filter((one) => one === "1").length / each.right.length);
  expect(right).toHaveLength(5);
  return (100 * right.reduce((sum, value) => sum + value, 0)) / right.length;
}

it.each([
  ["objectives-noisy", "sft", "otr"],
  ["objectives-noisy", "sft", "smoothed"],
  ["otr-variants", "otr", "sft"],
  ["otr-variants", "otr", "dft"],
])("%s holds the answers' accuracies and their differences from %s: %s", (name, reference, objective) => {
  const noisy = tables[name]!.slice(tables[name]!.indexOf("*forgotten_40 on"));
  const line = noisy.split("\n").find((each) => each.startsWith(`| ${objective} |`))!;
  const cells = line.replaceAll("**", "").replaceAll("−", "-").split("|").slice(4, 8);
  for (const [at, task] of TASKS.entries()) {
    const [score, difference] = cells[at]!.replaceAll(/[()]/g, "").trim().split(" ").map(Number);
    const expected = accuracy(objective, task);
    // Rounded to a tenth.
    expect(Math.abs(score! - expected)).toBeLessThan(0.051);
    expect(Math.abs(difference! - (expected - accuracy(reference, task)))).toBeLessThan(0.051);
  }
});
