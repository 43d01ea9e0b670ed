/** @file A report as Markdown. */
import type { ComparisonReport, ReportedCell } from "./report.js";
import { ROLE_WORDS } from "./report-format.js";
import {
  changeTable,
  choiceTable,
  costTable,
  differenceTable,
  type ReportTable,
  scoreTable,
  tokenTable,
} from "./report-tables.js";

/** The text of `report.md`. */
export function reportMarkdown(report: ComparisonReport): string {
  const { verdict, warnings, cells, created } = report;
  return [
    "# Comparison",
    `Made ${created}. How to read it: docs/compare.md of one-token-rollout.`,
    verdict.map((sentence) => `- ${escapeMarkdown(sentence)}`).join("\n"),
    ...(warnings.length === 0
      ? []
      : ["## To know", warnings.map((each) => `- ${escapeMarkdown(each)}`).join("\n")]),
    ...cells.flatMap((cell) => cellSections(report, cell)),
    "",
  ].join("\n\n");
}

function cellSections(report: ComparisonReport, cell: ReportedCell): string[] {
  const { model, dataset, tasks, tokens } = cell;
  const tokenSections =
    tokens.length === 0 || tokens[0]!.by_probability.length === 0
      ? []
      : [
          "### Tokens",
          "Probability of the true tokens of training rows, and in brackets the mean change of its logarithm, nats.",
          table(tokenTable(cell, "by_probability")),
          table(tokenTable(cell, "by_kind")),
        ];
  return [
    `## ${escapeMarkdown(dataset)} on ${escapeMarkdown(model)}`,
    ...tasks.flatMap((task) => [
      `### ${escapeMarkdown(task.task)}: ${ROLE_WORDS[task.role]}, ${task.items} items`,
      table(scoreTable(task)),
      table(differenceTable(task)),
      "Change from the base model:",
      table(changeTable(task)),
    ]),
    "### Learning rates",
    table(choiceTable(report, cell)),
    "### Cost",
    table(costTable(report, cell)),
    ...tokenSections,
  ];
}

function table({ columns, rows }: ReportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [
    line(columns),
    `|${columns.map((_, at) => (at === 0 ? "---" : "---:")).join("|")}|`,
    ...rows.map(line),
  ].join("\n");
}

/** Names come from the configuration, reasons of failures from anywhere. */
const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`).replaceAll("\n", " ");
