/** @file The tables of a report, which page and text show alike. */
import { byteCount, formatNumber } from "../config/format-value.js";
import { isOfTheseRuns } from "./judge-differences.js";
import { objectiveCosts } from "./objective-costs.js";
import type { ComparisonReport, ReportedCell, ReportedDifference, ReportedTask } from "./report.js";
import { figure, percent, percentRange, pointRange, points, pValue } from "./report-format.js";

/** Rows of cells; those of the first column are the names of the rows. */
export interface ReportTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the base model and each objective scored. */
export const scoreTable = ({ scores }: ReportedTask): ReportTable => ({
  columns: ["", "mean, %", "95 % interval", "seeds, %", "deviation of seeds", "cut off, %"],
  rows: scores.map(({ objective, mean, interval, seeds, seed_deviation: deviation, truncated }) => [
    objective ?? "base model",
    percent(mean),
    percentRange(interval),
    objective === null ? "" : seeds.map(percent).join(", "),
    deviation === null ? "" : percent(deviation),
    percent(truncated),
  ]),
});

/** How objectives differ in pairs, in points. */
export const differenceTable = ({ differences }: ReportedTask): ReportTable =>
  tableOf(differences, ({ first, second }) => `${second} less ${first}`);

/** How objectives changed the base model, in points. */
export const changeTable = ({ changes }: ReportedTask): ReportTable =>
  tableOf(changes, ({ second }) => second);

const tableOf = (
  differences: readonly ReportedDifference[],
  nameOf: (difference: ReportedDifference) => string,
): ReportTable => ({
  columns: [
    "",
    "difference",
    "95 %",
    "over items, t",
    "over items, bootstrap",
    "over seeds",
    "seeds",
    "detectable",
    "p",
    "p, Holm",
    "shown",
  ],
  rows: differences.map((each) => [
    nameOf(each),
    points(each.difference),
    pointRange(each.interval),
    pointRange(each.item_interval),
    pointRange(each.bootstrap),
    pointRange(each.seed_interval),
    String(each.seeds),
    each.detectable === null ? "" : percent(each.detectable),
    `${pValue(each.p_value)}${each.mcnemar === null ? "" : " (McNemar)"}`,
    pValue(each.p_adjusted),
    each.shown ? "yes" : isOfTheseRuns(each) ? "for these runs" : "no",
  ]),
});

/** What runs have cost. */
export const costTable = (report: ComparisonReport, cell: ReportedCell): ReportTable => ({
  columns: ["", "learning rate", "runs", "steps", "tokens", "seconds", "memory", "KL from base"],
  rows: objectiveCosts(report, cell).map((cost) => {
    const kl = cell.tokens.find(({ objective }) => objective === cost.objective)?.kl_from_base ?? null;
    return [
      cost.objective,
      formatNumber(cost.learningRate),
      String(cost.runs),
      figure(cost.steps),
      figure(cost.tokens),
      figure(cost.seconds),
      byteCount(cost.memoryBytes),
      kl === null ? "" : figure(kl),
    ];
  }),
});

/** How each objective moved tokens of a kind, or of a probability. */
export function tokenTable({ tokens }: ReportedCell, by: "by_probability" | "by_kind"): ReportTable {
  const groups = [...new Set(tokens.flatMap((each) => each[by].map(({ group }) => group)))];
  return {
    columns: [
      by === "by_kind" ? "tokens" : "probability under the base model",
      "tokens",
      "base",
      ...tokens.map(({ objective }) => objective),
    ],
    rows: groups.map((group) => {
      const shifts = tokens.map((each) => each[by].find((shift) => shift.group === group));
      const known = shifts.find((shift) => shift !== undefined);
      return [
        group,
        figure(known?.tokens ?? 0),
        (known?.before ?? 0).toFixed(3),
        ...shifts.map((shift) =>
          shift === undefined ? "" : `${shift.after.toFixed(3)} (${signed(shift.shift)})`,
        ),
      ];
    }),
  };
}

const signed = (nats: number): string => `${nats >= 0 ? "+" : "−"}${Math.abs(nats).toFixed(2)}`;

/** Scores by which learning rates were chosen. */
export function choiceTable({ choices }: ComparisonReport, cell: ReportedCell): ReportTable {
  const own = choices.filter(({ model, dataset }) => model === cell.model && dataset === cell.dataset);
  const rates = own[0]?.candidates.map(({ learning_rate: rate }) => rate) ?? [];
  return {
    columns: ["", ...rates.map(formatNumber), "chosen"],
    rows: own.map(({ objective, candidates, chosen }) => [
      objective,
      ...candidates.map(({ score }) => (score === null ? "–" : figure(score))),
      chosen === null ? "none" : formatNumber(chosen),
    ]),
  };
}
