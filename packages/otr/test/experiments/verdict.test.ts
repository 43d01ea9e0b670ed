import { describe, expect, it } from "vitest";
import type {
  ReportedCell,
  ReportedChoice,
  ReportedDifference,
  ReportedTask,
} from "../../src/experiments/report.js";
import { verdictOf } from "../../src/experiments/verdict.js";
import { difference, sampleReport } from "./sample-report.js";

const [cell] = sampleReport().cells as [ReportedCell];
const [task] = cell.tasks as [ReportedTask];
const change = (second: string, more: Partial<ReportedDifference> = {}) =>
  difference({ first: "base model", second, ...more });
const same = (differences: readonly ReportedDifference[]): ReportedTask => ({ ...task, differences });
const old = (
  differences: readonly ReportedDifference[],
  changes: readonly ReportedDifference[] = [],
): ReportedTask => ({ ...task, task: "old", role: "forgetting", differences, changes });
const verdict = (tasks: readonly ReportedTask[], choices: readonly ReportedChoice[] = [], seeds = 3) =>
  verdictOf({ cells: [{ ...cell, tasks }], choices, seeds });

it("says what is better, by how much, and how sure that is", () => {
  expect(verdict([same([difference()])])).toEqual([
    "A difference is shown.",
    "rows, same (in domain): otr is better than sft by 9.5 points (95 %: +4.1 to +14.9).",
  ]);
  const worse = difference({ difference: -0.02, interval: { low: -0.03, high: -0.01 } });
  expect(verdict([same([worse, difference({ shown: false, p_adjusted: 0.2 })])])[1]).toBe(
    "rows, same (in domain): sft is better than otr by 2.0 points (95 %: +1.0 to +3.0). No difference could be shown between the other pair. With so many items and seeds, only differences of about 6.5 points or more would have been likely to show.",
  );
});

it("says that no difference could be shown, and what size would have been", () => {
  const none = { shown: false, p_adjusted: 0.2 };
  expect(verdict([same([difference(none)])])).toEqual([
    "No difference could be shown: the one comparison does not stand out from chance.",
    "rows, same (in domain): no difference could be shown. With so many items and seeds, only differences of about 6.5 points or more would have been likely to show.",
  ]);
  expect(verdict([same([difference({ ...none, detectable: 1.3 })])])[1]).toContain(
    "no difference would have been likely to show: repeat over more seeds.",
  );
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
  const differences = shown.map((each) => difference({ shown: each, p_adjusted: each ? 0.001 : 0.2 }));
  expect(verdict([same(differences)])[0]).toMatch(sentence);
});

describe("of single runs", () => {
  const single = difference({ seeds: 1, shown: false, seed_interval: null });

  it("calls nothing a difference of objectives, in each sentence, however many seeds were asked for", () => {
    for (const seeds of [1, 3]) {
      expect(verdict([same([single])], [], seeds)).toEqual([
        "No difference of objectives could be shown.",
        "Each comparison is between single runs with one seed: nothing is known of what other seeds would give, so no difference of objectives can be shown. Repeat over more seeds.",
        "rows, same (in domain): the one run of otr scored 9.5 points more than that of sft (95 %: +4.1 to +14.9), which is more than the choice of items explains, and tells nothing of other seeds.",
      ]);
    }
  });

  it("says how many comparisons they are, and where seeds are missing", () => {
    const sentences = verdict([same([single, difference({ seeds: 2 })])]);
    expect(sentences[1]).toContain("1 comparison of these is between single runs");
    expect(sentences[2]).toContain("over the 2 of 3 seeds that both finished");
  });
});

describe("of the base model's own skills", () => {
  it("says who lost how much", () => {
    const lost = change("sft", { difference: -0.3, interval: { low: -0.4, high: -0.2 } });
    const kept = change("otr", { difference: -0.01, shown: false, p_adjusted: 0.4 });
    expect(verdict([same([difference()]), old([difference()], [lost, kept])])[2]).toBe(
      "rows, old (the base model's own skills): otr kept more than sft by 9.5 points (95 %: +4.1 to +14.9). Against the base model sft lost 30.0 points (95 %: +20.0 to +40.0).",
    );
    expect(verdict([old([difference()], [kept])])[1]).toContain(
      "No loss against the base model could be shown.",
    );
  });

  it("gives no credit to an objective that learned nothing", () => {
    const idle = {
      ...same([difference()]),
      changes: [change("sft"), change("otr", { shown: false, p_adjusted: 0.5 })],
    };
    const sentences = verdict([idle, old([difference()])]);
    expect(sentences[2]).toContain(
      "otr kept more than sft by 9.5 points (95 %: +4.1 to +14.9), but otr was not shown to have learned anything, and who learns nothing keeps everything",
    );
    expect(sentences[3]).toBe(
      "rows: otr was not shown to have learned anything: no score in or out of domain stands out above the base model's.",
    );
    const fallen = { ...same([difference()]), changes: [change("sft"), change("otr", { difference: -0.2 })] };
    expect(verdict([fallen])[2]).toContain("otr was not shown to have learned anything");
  });
});

it("says where a learning rate was no real choice", () => {
  const [sft, otr] = sampleReport().choices as [ReportedChoice, ReportedChoice];
  const sentences = verdict([same([difference()])], [sft, { ...otr, at_edge: null, tied: true }]);
  expect(sentences.slice(2)).toEqual([
    "rows: sft is judged at 3e-5, the smallest learning rate that was tried; it may do better at a smaller one.",
    "rows: all learning rates of otr scored alike on validation, so that 3e-5 was not chosen for its merit.",
  ]);
  // Of objectives that stand in no difference, the warnings speak.
  expect(verdict([same([difference({ shown: false, p_adjusted: 0.2 })])], [sft])).toHaveLength(2);
});

it("says where nothing was compared", () => {
  expect(verdict([same([])])).toEqual([
    "Nothing could be compared: no two objectives have a finished run.",
    "rows, same (in domain): nothing to compare.",
  ]);
});
