/** @file The tables of docs/study.md, made from the kept results, so that no number is copied by hand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ComparisonReport,
  mean,
  type ReportedCell,
  type ReportedDifference,
  type ReportedTask,
  standardError,
  tInterval,
} from "one-token-rollout";
import { hasResults, readResults } from "./results.js";
import { repository, studies } from "./studies.js";
import { rowsWithCarry, wrongShare } from "./training-rows.js";

/** Markdown by the name with which docs/study.md asks for it. */
export function studyTables(): Record<string, string> {
  const own = studies.map(({ name }) => [
    name,
    whenThere([name], ([report]) => resultTables(report!, referenceOf(name))),
  ]);
  return {
    ...Object.fromEntries(own),
    "otr-variants": whenThere(["objectives-noisy", "objectives-clean"], (reports) =>
      reports.map((report) => resultTables(report, "otr")).join("\n\n"),
    ),
    "rates-noisy": whenThere(["objectives-noisy"], ([report]) => ratesTable(report!)),
    rows: rowsTable(),
    dose: whenThere(["objectives-clean", "objectives-noisy", "noise-dose"], doseTable),
    "across-draws": whenThere(["objectives-noisy", "draws"], drawsTable),
    verdicts: verdictsTable(),
    cost: whenThere(["objectives-noisy"], ([report]) => costTable(report!)),
  };
}

/** What `make` says of the studies' results, or that some of them are not there. */
function whenThere(names: readonly string[], make: (reports: ComparisonReport[]) => string): string {
  const missing = names.filter((name) => !hasResults(name));
  if (missing.length === 0) return make(names.map(readResults));
  return `Not carried out yet: ${missing.map((name) => `\`studies/${name}.yaml\``).join(", ")}.`;
}

/** What differences are taken from. */
const referenceOf = (study: string): string => (study.startsWith("equal-rate") ? "otr" : "sft");

const resultTables = (report: ComparisonReport, reference: string): string =>
  report.cells
    .map((cell) => {
      const seeds = scoreOf(cell.tasks[0]!.scores, reference).seeds.length;
      const title = `*${cell.dataset} on ${cell.model}, ${seeds} seeds, differences from ${reference}*`;
      return `${title}\n\n${cellTable(report, cell, reference)}`;
    })
    .join("\n\n");

/** Every objective in every task, with its difference from `reference`: bold where it is shown. */
function cellTable(report: ComparisonReport, cell: ReportedCell, reference: string): string {
  const heads = cell.tasks.map(({ task }) => task.replaceAll("_", " "));
  const base = cell.tasks.map(({ scores }) => percent(scoreOf(scores, null).mean));
  const objectives = cell.tasks[0]!.scores.flatMap(({ objective }) =>
    objective === null ? [] : [objective],
  );
  const rows = objectives.map((objective) => {
    const choice = report.choices.find(
      (each) => each.model === cell.model && each.dataset === cell.dataset && each.objective === objective,
    );
    const edge = choice?.at_edge ? ` (${choice.at_edge})` : "";
    const kl = cell.tokens.find((each) => each.objective === objective)?.kl_from_base ?? null;
    const scores = cell.tasks.map((task) => scoreText(task, objective, reference));
    return [
      objective,
      `${rate(choice?.chosen ?? null)}${edge}`,
      kl === null ? "" : kl.toPrecision(2),
      ...scores,
    ];
  });
  return table(["", "learning rate", "KL from base", ...heads], [["base model", "", "", ...base], ...rows]);
}

const scoreOf = (scores: ReportedTask["scores"], objective: string | null) =>
  scores.find((score) => score.objective === objective)!;

function scoreText(task: ReportedTask, objective: string, reference: string): string {
  const { mean: score } = scoreOf(task.scores, objective);
  if (objective === reference) return percent(score);
  const difference = differenceOf(task, reference, objective);
  const text = points(difference.difference);
  return `${percent(score)} (${difference.shown ? `**${text}**` : text})`;
}

/** `second` less `first`, whichever of the two the report names first. */
function differenceOf(
  task: ReportedTask,
  first: string,
  second: string,
): Pick<ReportedDifference, "difference" | "shown"> {
  const isPair = (a: string, b: string) => (each: ReportedDifference) =>
    each.first === a && each.second === b;
  const found = task.differences.find(isPair(first, second));
  if (found) return found;
  const { difference, shown } = task.differences.find(isPair(second, first))!;
  return { difference: -difference, shown };
}

/** Validation accuracy at every learning rate that was tried, the chosen one in bold. */
function ratesTable({ choices }: ComparisonReport): string {
  const rates = choices[0]!.candidates.map((candidate) => candidate.learning_rate);
  const rows = choices.map(({ objective, candidates, chosen }) => [
    objective,
    ...candidates.map(({ learning_rate: tried, score }) => {
      const text = score === null ? "failed" : percent(score);
      return tried === chosen ? `**${text}**` : text;
    }),
  ]);
  return table(["", ...rates.map(rate)], rows);
}

/** How many rows of each set of additions have carries and wrong answers. */
function rowsTable(): string {
  const sets = ["clean", "forgotten_20", "forgotten_40", "forgotten_60", "mistaken_30"];
  const draws = [1, 2, 3, 4].map((draw) => `forgotten_40_draw_${draw}`);
  const rows = [...sets, ...draws].map((name) => {
    const lines = readFileSync(join(repository, "studies/data/rows", `${name}.jsonl`), "utf8")
      .trimEnd()
      .split("\n");
    const items = lines.map((line) => {
      const { prompt, completion } = JSON.parse(line) as { prompt: string; completion: string };
      return { prompt: prompt.trim(), answer: completion.trim() };
    });
    return [`\`${name}\``, String(items.length), String(rowsWithCarry(items)), percent(wrongShare(items))];
  });
  return table(["rows", "number", "with a carry", "wrong answers, %"], rows);
}

/** Test and hard items by the kind and the share of errors. */
function doseTable([clean, noisy, dose]: ComparisonReport[]): string {
  const cellOf = (report: ComparisonReport, dataset: string) =>
    report.cells.find((cell) => cell.dataset === dataset)!;
  const doses = [
    ["none", clean!, "clean"],
    ["carries forgotten in 20 %", dose!, "forgotten_20"],
    ["carries forgotten in 40 %", noisy!, "forgotten_40"],
    ["carries forgotten in 60 %", dose!, "forgotten_60"],
    ["random mistakes in 30 %", dose!, "mistaken_30"],
  ] as const;
  const rows = doses.map(([title, report, dataset]) => {
    const cell = cellOf(report, dataset);
    const task = (name: string) => cell.tasks.find((each) => each.task === name)!;
    const texts = ["addition_test", "addition_hard"].flatMap((name) =>
      ["sft", "dft", "otr"].map((objective) => scoreText(task(name), objective, "sft")),
    );
    return [title, ...texts];
  });
  const heads = ["test", "hard"].flatMap((items) => ["sft", "dft", "otr"].map((name) => `${items}: ${name}`));
  return table(["errors in the rows", ...heads], rows);
}

/** Differences draw by draw, and their mean with its interval over draws. */
function drawsTable([noisy, draws]: ComparisonReport[]): string {
  const cells = [noisy!.cells[0]!, ...draws!.cells];
  const contrasts = [
    ["sft", "otr"],
    ["sft", "dft"],
    ["dft", "otr"],
  ] as const;
  const rows = ["addition_test", "addition_hard"].flatMap((name) =>
    contrasts.map(([first, second]) => {
      const differences = cells.map((cell) =>
        differenceOf(cell.tasks.find(({ task }) => task === name)!, first, second),
      );
      const values = differences.map(({ difference }) => difference);
      const interval = tInterval(mean(values), standardError(values), values.length - 1)!;
      const texts = differences.map(({ difference, shown }) =>
        shown ? `**${points(difference)}**` : points(difference),
      );
      const title = `${name.replaceAll("_", " ")}: ${second} less ${first}`;
      return [title, ...texts, points(mean(values)), `${points(interval.low)} to ${points(interval.high)}`];
    }),
  );
  return table(["", ...cells.map((_, draw) => `draw ${draw}`), "mean", "95 % over draws"], rows);
}

/** How often OTR is shown to be better or worse than each other objective, by study. */
function verdictsTable(): string {
  const rows = studies
    .filter(({ name }) => hasResults(name))
    .flatMap(({ name }) => {
      const { cells } = readResults(name);
      const objectives = cells[0]!.tasks[0]!.scores.flatMap(({ objective }) => objective ?? []);
      return objectives
        .filter((other) => objectives.includes("otr") && (other === "sft" || other === "dft"))
        .map((other) => {
          const tasks = cells.flatMap((cell) => cell.tasks);
          const count =
            (matches: (difference: { difference: number; shown: boolean }) => boolean) => (role: string) =>
              tasks.filter((task) => task.role === role && matches(differenceOf(task, other, "otr"))).length;
          const better = count(({ difference, shown }) => shown && difference > 0);
          const worse = count(({ difference, shown }) => shown && difference < 0);
          const same = count(({ shown }) => !shown);
          const text = (role: string) => `${better(role)} / ${same(role)} / ${worse(role)}`;
          return [name, other, text("in_domain"), text("out_of_domain"), text("forgetting")];
        });
    });
  return table(["study", "OTR against", "in domain", "out of domain", "other skills"], rows);
}

/** What a final run of each objective cost. */
function costTable(report: ComparisonReport): string {
  const objectives = [...new Set(report.runs.map(({ objective }) => objective))];
  const rows = objectives.map((objective) => {
    const costs = report.runs.flatMap(({ objective: own, final, cost }) =>
      own === objective && final && cost !== null ? [cost] : [],
    );
    const average = (values: number[]) => mean(values);
    const memory = average(costs.map(({ memory_bytes: bytes }) => bytes)) / 2 ** 20;
    return [
      objective,
      String(costs.length),
      String(costs[0]!.steps),
      Math.round(average(costs.map(({ tokens }) => tokens))).toLocaleString("en"),
      average(costs.map(({ seconds }) => seconds)).toFixed(1),
      memory.toFixed(0),
    ];
  });
  return table(["", "runs", "steps", "tokens", "seconds", "MiB"], rows);
}

const percent = (share: number): string => (100 * share).toFixed(1);
const points = (share: number): string => {
  const text = (100 * Math.abs(share)).toFixed(1);
  if (text === "0.0") return text;
  return `${share > 0 ? "+" : "−"}${text}`;
};
const rate = (value: number | null): string => (value === null ? "" : value.toExponential());

/** A Markdown table: the first column to the left, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = `|---|${"---:|".repeat(head.length - 1)}`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
