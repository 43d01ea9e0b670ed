/** A report with everything that a page shows, and names and answers that would break one that does not escape them. */
import type { ComparisonReport, ReportedDifference } from "../../src/experiments/report.js";

/** Would run, or end an attribute, where it is not escaped. */
export const HOSTILE = `<script>document.title="taken"</script><img src=x onerror="document.title='taken'">"'|`;

export const difference = (more: Partial<ReportedDifference> = {}): ReportedDifference => ({
  first: "sft",
  second: "otr",
  difference: 0.095,
  seeds: 3,
  interval: { low: 0.041, high: 0.149 },
  item_interval: { low: 0.049, high: 0.141 },
  bootstrap: { low: 0.05, high: 0.14 },
  seed_interval: { low: 0.06, high: 0.13 },
  detectable: 0.065,
  correlation: 0.17,
  mcnemar: null,
  p_value: 0.00001,
  p_adjusted: 0.00002,
  shown: true,
  ...more,
});

const score = (objective: string | null, mean: number) => ({
  objective,
  mean,
  interval: { low: mean - 0.04, high: mean + 0.04 },
  seeds: [mean - 0.01, mean + 0.01],
  seed_deviation: 0.014,
  truncated: 0.01,
});

const shift = (group: string, after: number) => ({
  group,
  tokens: 30,
  before: 0.05,
  after,
  shift: Math.log(after / 0.05),
});

const tokens = (objective: string, after: number) => ({
  objective,
  kl_from_base: 0.0024,
  by_probability: [shift("below 0.01", after)],
  by_kind: [shift("digits", after)],
  rows: [
    {
      row: 0,
      tokens: [
        { text: HOSTILE, before: null, after: null },
        { text: "7", before: 0.05, after },
        { text: "\n", before: 0.9, after: 0.2 },
      ],
    },
  ],
});

const run = (objective: string, seed: number) => ({
  name: `base-rows-${objective}-${seed}`,
  folder: `runs/base-rows-${objective}-${seed}`,
  model: "base",
  dataset: "rows",
  objective,
  learning_rate: 3e-5,
  seed,
  final: true,
  failure: null,
  cost: {
    steps: 76,
    tokens: 38_988,
    supervised_tokens: 28_188,
    seconds: 2.9,
    memory_bytes: 3e8,
    eval_loss: null,
  },
  scores: { same: 0.9 },
  kl_from_base: 0.0024,
  curve: [
    [4, 0.15],
    [8, 0.1],
  ] as const,
});

const choice = (objective: string) => ({
  model: "base",
  dataset: "rows",
  objective,
  candidates: [
    { learning_rate: 3e-5, score: 0.9, scores: [0.9] },
    { learning_rate: 1e-4, score: null, scores: [null] },
    { learning_rate: 3e-4, score: 0.8, scores: [0.8] },
  ],
  chosen: 3e-5,
  at_edge: "smallest" as const,
  tied: false,
});

export const sampleReport = (): ComparisonReport => ({
  version: 1,
  created: "2026-01-31T10:00:00.000Z",
  config: { models: { base: HOSTILE } },
  verdict: ["1 of 1 comparisons show a difference.", `rows: ${HOSTILE}`],
  warnings: [HOSTILE],
  failures: [],
  choices: ["sft", "otr"].map(choice),
  cells: [
    {
      model: "base",
      dataset: "rows",
      tasks: [
        {
          task: "same",
          tasks: ["same"],
          role: "in_domain",
          items: 200,
          scores: [score(null, 0.82), score("sft", 0.88), score("otr", 0.96)],
          differences: [difference()],
          changes: ["sft", "otr"].map((second) => difference({ first: "base model", second })),
          flips: [
            {
              first: "sft",
              second: "otr",
              only_first: 1,
              only_second: 0,
              examples: [
                {
                  task: "same",
                  doc_id: 3,
                  seed: 1,
                  prompt: HOSTILE,
                  target: HOSTILE,
                  first: { answer: "12", response: HOSTILE, score: 1 },
                  second: { answer: HOSTILE, response: HOSTILE, score: 0 },
                },
              ],
            },
          ],
        },
      ],
      tokens: [tokens("sft", 0.4), tokens("otr", 0.06)],
    },
  ],
  runs: [run("sft", 1), run("otr", 1), { ...run("otr", 2), failure: HOSTILE, cost: null, curve: [] }],
});
