import { describe, expect, it } from "vitest";
import type { FinishedRun } from "../src/comparison.js";
import { cellFor, cellsOf, outcomeOf, sentenceFor, sideBySide, table } from "../src/report.js";
import { comparedMethods, type MethodName, type SettingName, settingNames } from "../src/settings.js";

type Figures = readonly (readonly [test: number, hard: number])[];

function runsOf(
  setting: SettingName,
  method: MethodName | null,
  figures: Figures,
  answers: string[] = [],
  other = 99.5,
): FinishedRun[] {
  return figures.map(([test, hard], seed) => ({
    setting,
    method,
    seed,
    result: {
      accuracy: { test, hard, other, sampled: 67.8 },
      otherSkills: {},
      hardAnswers: answers,
      trainingSeconds: 3,
      evaluationSeconds: 2,
    },
  }));
}

const better: Figures = [
  [99, 99],
  [100, 100],
  [98.5, 99.5],
];
const worse: Figures = [
  [91, 68],
  [92, 60],
  [90, 75],
];
const base: Figures = [[78, 71.5]];

/** Runs in which OTR has the first figures and SFT the second in `setting`. */
const runsIn = (setting: SettingName, otr: Figures, sft: Figures): FinishedRun[] => [
  ...runsOf(setting, null, base),
  ...runsOf(setting, "sft", sft),
  ...runsOf(setting, "dft", otr),
  ...runsOf(setting, "otr", otr),
];

describe("cellsOf", () => {
  it("has mean and standard error over the seeds", () => {
    const cell = cellFor(cellsOf(runsIn("noisy", better, worse)), "noisy", "sft");
    expect(cell.seeds).toBe(3);
    expect(cell.accuracy.test!.mean).toBe(91);
    // Deviations -1... of 91, 92, 90: sample variance 1, over three seeds.
    expect(cell.accuracy.test!.standardError).toBeCloseTo(Math.sqrt(1 / 3), 12);
    expect(cell.accuracy.sampled).toEqual({ mean: 67.8, standardError: 0, count: 3 });
  });

  it("shows the base model in every setting that asks the same questions", () => {
    const runs = [
      ...runsIn("noisy", better, worse),
      ...runsOf("clean", "sft", better),
      ...runsOf("clean", "otr", better),
    ];
    expect(cellFor(cellsOf(runs), "clean", null).accuracy.test!.mean).toBe(78);
  });
});

describe("outcomeOf", () => {
  it("helps where the difference is clear", () => {
    expect(outcomeOf(runsIn("noisy", better, worse), "noisy").verdict).toBe("helps");
  });

  it("loses where the difference is clear the other way", () => {
    expect(outcomeOf(runsIn("noisy", worse, better), "noisy").verdict).toBe("loses");
  });

  it("ties below one and a half points, however certain they are", () => {
    const runs = runsIn(
      "clean",
      [
        [98, 0],
        [98, 0],
        [98, 0],
      ],
      [
        [99.4, 0],
        [99.4, 0],
        [99.4, 0],
      ],
    );
    expect(outcomeOf(runs, "clean").verdict).toBe("ties");
  });

  it("ties within two standard errors, however large they are", () => {
    const runs = runsIn(
      "newSkill",
      [
        [2, 0],
        [30, 0],
        [10, 0],
      ],
      [
        [20, 0],
        [12, 0],
        [25, 0],
      ],
    );
    expect(outcomeOf(runs, "newSkill").verdict).toBe("ties");
  });

  it("compares the runs of a seed with each other, in whatever order they come", () => {
    const runs = runsIn(
      "noisy",
      [
        [50, 0],
        [60, 0],
        [70, 0],
      ],
      [
        [40, 0],
        [50, 0],
        [60, 0],
      ],
    );
    const shuffled = [
      ...runs.filter((run) => run.method === "otr").toReversed(),
      ...runs.filter((run) => run.method !== "otr"),
    ];
    const { test } = outcomeOf(shuffled, "noisy");
    expect(test).toEqual({ mean: 10, standardError: 0, count: 3 });
  });
});

describe("sentenceFor", () => {
  const sentence = (setting: SettingName, otr: Figures, sft: Figures) => {
    const runs = runsIn(setting, otr, sft);
    return sentenceFor(outcomeOf(runs, setting), cellsOf(runs));
  };

  it("says what was measured", () => {
    expect(sentence("noisy", better, worse)).toBe(
      "OTR helps when some labels are wrong: 99.2 % against SFT's 91.0 % on test (+8.2 ± 0.2 points), " +
        "99.5 % against 67.7 % on the harder form (+31.8 ± 4.5).",
    );
  });

  it("says where the harder form tells another story", () => {
    const even: Figures = [
      [99, 95],
      [99, 94],
      [99, 96],
    ];
    const flat: Figures = [
      [99, 99],
      [99, 98.5],
      [99, 98],
    ];
    expect(sentence("clean", even, flat)).toMatch(
      /^OTR ties with SFT on test and is behind on the harder form when all .*\(-3\.5 ± 0\.8\)\.$/,
    );
    expect(sentence("clean", flat, even)).toMatch(
      /^OTR ties with SFT on test and is ahead on the harder form/,
    );
    expect(sentence("clean", flat, flat)).toMatch(/^OTR ties with SFT when all labels are right/);
  });

  it("says what is left of the other skills where some were lost", () => {
    const runs = [
      ...runsOf("newSkill", null, base),
      ...runsOf("newSkill", "sft", better, [], 1.1),
      ...runsOf("newSkill", "dft", worse, [], 99.2),
      ...runsOf("newSkill", "otr", worse, [], 0.9),
    ];
    expect(sentenceFor(outcomeOf(runs, "newSkill"), cellsOf(runs))).toMatch(
      /Of the other skills, 99\.5 % right before, are left: SFT 1\.1 % \(learning rate 3e-3\), DFT 99\.2 % \(learning rate 1e-4\), OTR 0\.9 % \(learning rate 3e-3\)\.$/,
    );
  });

  it("says so when the pattern does not appear", () => {
    expect(sentence("noisy", worse, better)).toMatch(
      /^OTR loses when some labels are wrong.*\(-8\.2 ± 0\.2 points\).*not what was expected here, namely that OTR helps\.$/,
    );
    expect(sentence("clean", better, worse)).toMatch(/^OTR helps.*namely that the two tie\.$/);
    expect(sentence("newSkill", better, better)).toMatch(
      /^OTR ties with SFT on a skill.*namely that OTR loses\.$/,
    );
  });
});

describe("table", () => {
  it("fits 80 columns and shows every setting, method and standard error", () => {
    const runs = settingNames.flatMap((setting) => runsIn(setting, better, worse));
    const lines = table(cellsOf(runs)).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => line.includes("91.0 ± 0.6"))).toHaveLength(settingNames.length);
    expect(lines.filter((line) => /^ {2}(SFT|DFT|OTR) /.test(line))).toHaveLength(
      settingNames.length * comparedMethods.length,
    );
  });
});

describe("sideBySide", () => {
  const items = {
    test: [],
    hard: [
      { prompt: "199+199=", answer: "398" },
      { prompt: "289+333=", answer: "622" },
    ],
    other: {},
  };
  const runsWith = (sft: string[], otr: string[]) => [
    ...runsOf("noisy", "sft", [[0, 0]], sft),
    ...runsOf("noisy", "otr", [[0, 0]], otr),
  ];

  it("shows the first question where one is right and the other wrong, whoever it is", () => {
    expect(sideBySide(runsWith(["1;398", "622"], ["2;398", "512"]), items)).toEqual({
      prompt: "289+333=",
      right: "622",
      sft: "622",
      otr: "512",
    });
  });

  it("shows the first question of all where there is none", () => {
    expect(sideBySide(runsWith(["398", "1"], ["398", "2"]), items).prompt).toBe("199+199=");
  });
});
