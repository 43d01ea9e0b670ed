/** @file A report as one page of HTML that loads nothing else, in light and dark. */
import { formatNumber } from "../config/format-value.js";
import { escapeHtml } from "./escape-html.js";
import { COLORS, lineChart } from "./line-chart.js";
import type { ComparisonReport, ReportedCell, ReportedTask } from "./report.js";
import { figure, ROLE_WORDS } from "./report-format.js";
import { REPORT_STYLE } from "./report-style.js";
import {
  changeTable,
  choiceTable,
  costTable,
  differenceTable,
  type ReportTable,
  scoreTable,
  tokenTable,
} from "./report-tables.js";
import { tokenView } from "./token-view.js";

/** The text of `report.html`. */
export function reportPage(report: ComparisonReport): string {
  const { verdict, warnings, cells, runs, config, created } = report;
  const [head = "", ...sentences] = verdict;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Comparison of ${escapeHtml(objectivesOf(report).join(", "))}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<header>
<h1>Comparison of ${escapeHtml(objectivesOf(report).join(", "))}</h1>
<p class="verdict">${escapeHtml(head)}</p>
<ul>${sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join("")}</ul>
${warnings.length === 0 ? "" : `<section class="warning"><h2>To know</h2><ul>${warnings.map((each) => `<li>${escapeHtml(each)}</li>`).join("")}</ul></section>`}
<nav aria-label="Parts">${cells.map((cell, at) => `<a href="#cell${at}">${escapeHtml(titleOf(cell))}</a>`).join(" ")} <a href="#runs">all runs</a> <a href="#configuration">configuration</a></nav>
</header>
<main>
${cells.map((cell, at) => cellSection(report, cell, at)).join("\n")}
<section id="runs"><h2>All runs</h2>${htmlTable("All runs", {
    columns: ["", "seed", "learning rate", "tokens", "seconds", "state"],
    rows: runs.map(({ folder, seed, learning_rate: rate, cost, failure, final }) => [
      folder,
      String(seed),
      formatNumber(rate),
      cost === null ? "" : figure(cost.tokens),
      cost === null ? "" : figure(cost.seconds),
      failure === null ? (final ? "measured" : "tried") : `failed: ${failure}`,
    ]),
  })}</section>
<section id="configuration"><h2>Configuration</h2><pre tabindex="0">${escapeHtml(JSON.stringify(config, null, 2))}</pre></section>
</main>
<footer><p>Made by otr compare, ${escapeHtml(created)}. A difference is shown where it has more than one seed and its p-value, which
counts the choice of items and that of seeds, is below 5 % when it is adjusted for all differences on this page.</p></footer>
</body>
</html>
`;
}

const titleOf = ({ model, dataset }: ReportedCell): string => `${dataset} on ${model}`;

const objectivesOf = ({ choices }: ComparisonReport): string[] => [
  ...new Set(choices.map(({ objective }) => objective)),
];

function cellSection(report: ComparisonReport, cell: ReportedCell, at: number): string {
  const { tasks, tokens } = cell;
  const hasTokens = tokens.some(({ by_probability: groups }) => groups.length > 0);
  return `<section id="cell${at}"><h2>${escapeHtml(titleOf(cell))}</h2>
${legend(objectivesOf(report))}
${tasks.map(taskSection).join("\n")}
<h3>Learning rates</h3>
${learningRateChart(report, cell)}
${htmlTable("Scores by learning rate", choiceTable(report, cell))}
<h3>Training</h3>
${trainingChart(report, cell)}
<h3>Cost</h3>
${htmlTable("Cost of the final runs, means over seeds", costTable(report, cell))}
${hasTokens ? tokenSection(cell) : ""}
</section>`;
}

const legend = (objectives: readonly string[]): string =>
  `<p class="legend">${objectives.map((objective, at) => `<span><i class="c${at % COLORS}"></i>${escapeHtml(objective)}</span>`).join("")}</p>`;

function taskSection(task: ReportedTask): string {
  const { task: name, role, items, flips } = task;
  return `<h3>${escapeHtml(name)}: ${ROLE_WORDS[role]}, ${items} items</h3>
${htmlTable(`Scores of ${name}`, scoreTable(task))}
${htmlTable(`Differences in ${name}, in points`, differenceTable(task))}
${htmlTable(`Change from the base model in ${name}, in points`, changeTable(task))}
${flips.map((each) => flipSection(each, name)).join("\n")}`;
}

function flipSection(
  { first, second, only_first, only_second, examples }: ReportedTask["flips"][number],
  task: string,
): string {
  const [one, other] = [escapeHtml(first), escapeHtml(second)];
  const rows = examples.map((flip) => {
    const cell = ({ response, answer, score }: typeof flip.first) =>
      `<td class="${score > 0 ? "right" : "wrong"}"><code>${escapeHtml(response)}</code>${answer === response ? "" : `<br>counts as <code>${escapeHtml(answer)}</code>`}</td>`;
    return `<tr><th scope="row">${flip.task === task ? "" : `${escapeHtml(flip.task)}, `}${flip.doc_id}, seed ${flip.seed}</th><td><code>${escapeHtml(flip.prompt.trim())}</code></td><td><code>${escapeHtml(flip.target)}</code></td>${cell(flip.first)}${cell(flip.second)}</tr>`;
  });
  const table =
    rows.length === 0
      ? ""
      : `<div class="scroll" tabindex="0" role="region" aria-label="Answers of ${one} and ${other}"><table><thead><tr><th>item</th><th>question</th><th>right answer</th><th>${one}</th><th>${other}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  return `<details><summary>Answers that only one has right: ${one} ${only_first}, ${other} ${only_second}</summary>${table}</details>`;
}

function learningRateChart({ choices }: ComparisonReport, cell: ReportedCell): string {
  const own = choices.filter(({ model, dataset }) => model === cell.model && dataset === cell.dataset);
  return lineChart({
    title: `Score by learning rate, ${titleOf(cell)}; the same numbers stand in the table below`,
    xLabel: "learning rate",
    yLabel: "selection metric",
    xScale: "log",
    series: own.map(({ objective, candidates, chosen }, color) => ({
      name: objective,
      color,
      marked: chosen,
      points: candidates.flatMap(({ learning_rate: rate, score }): [number, number][] =>
        score === null ? [] : [[rate, score]],
      ),
    })),
  });
}

function trainingChart(report: ComparisonReport, cell: ReportedCell): string {
  const objectives = objectivesOf(report);
  const own = report.runs.filter(
    ({ final, model, dataset }) => final && model === cell.model && dataset === cell.dataset,
  );
  return lineChart({
    title: `Negative log-likelihood of the training tokens by step, ${titleOf(cell)}`,
    xLabel: "step",
    yLabel: "nll, nats a token",
    xScale: "linear",
    series: own.map(({ objective, seed, curve }) => ({
      name: `${objective}, seed ${seed}`,
      color: objectives.indexOf(objective),
      points: curve,
    })),
  });
}

const tokenSection = (cell: ReportedCell): string => `<h3>Tokens</h3>
<p>Probability of the true tokens of training rows after training, and in brackets the mean change of its logarithm, nats.</p>
${htmlTable("Tokens by their probability under the base model", tokenTable(cell, "by_probability"))}
${htmlTable("Tokens by kind", tokenTable(cell, "by_kind"))}
${tokenView(cell)}`;

function htmlTable(caption: string, { columns, rows }: ReportTable): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join("");
  const body = rows.map(([name = "", ...cells]) => {
    const others = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("");
    return `<tr><th scope="row">${escapeHtml(name)}</th>${others}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}
