import { expect, it } from "vitest";
import type { ReportedCell } from "../../src/experiments/report.js";
import { verdictOf } from "../../src/experiments/verdict.js";
import { difference, sampleReport } from "./sample-report.js";

const [cell] = sampleReport().cells as [ReportedCell];
const withDifferences = (differences: ReportedCell["tasks"][number]["differences"]): ReportedCell => ({
  ...cell,
  tasks: [{ ...cell.tasks[0]!, differences }],
});

it("says what is better, by how much, and how sure that is", () => {
  expect(verdictOf([cell], 3)).toEqual([
    "A difference is shown.",
    "rows, same (in domain): otr is better than sft by 9.5 points (95 %: +4.9 to +14.1).",
  ]);
  const worse = difference({ difference: -0.02, interval: { low: -0.03, high: -0.01 } });
  expect(verdictOf([withDifferences([worse, difference({ shown: false })])], 3)[1]).toBe(
    "rows, same (in domain): sft is better than otr by 2.0 points (95 %: +1.0 to +3.0). No difference could be shown between the other pair.",
  );
});

it("says that no difference could be shown, and what size would have been", () => {
  expect(verdictOf([withDifferences([difference({ shown: false })])], 3)).toEqual([
    "No difference could be shown: the one comparison does not stand out from chance.",
    "rows, same (in domain): no difference could be shown. Only differences of about 6.5 points or more would have been likely to show.",
  ]);
});

it.each([
  [[true, true], /^Each of 2 comparisons shows a difference\.$/],
  [
    [true, false],
    /^1 of 2 comparisons shows a difference; for the other one no difference could be shown\.$/,
  ],
  [[true, true, false, false], /^2 of 4 comparisons show a difference; for the others no/],
  [[false, false], /^No difference could be shown: none of 2 comparisons stands out/],
])("of %j begins with what that comes to", (shown, sentence) => {
  const differences = shown.map((each) => difference({ shown: each }));
  expect(verdictOf([withDifferences(differences)], 3)[0]).toMatch(sentence);
});

it("warns of one seed, and says where nothing was compared", () => {
  expect(verdictOf([cell], 1)[1]).toContain("With one seed");
  expect(verdictOf([withDifferences([])], 1)).toEqual([
    "Nothing could be compared: no two objectives have a finished run.",
    "rows, same (in domain): nothing to compare.",
  ]);
});
