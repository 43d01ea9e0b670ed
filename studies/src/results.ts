/** @file The results of a study as the repository keeps them: small enough for git, complete enough to check. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ComparisonReport } from "one-token-rollout";
import { repository } from "./studies.js";

const resultsFolder = join(repository, "studies/results");

/** A line of `answers.jsonl`: which items of a task a run got right, one character each, `1` or `0`. */
export interface Answers {
  readonly run: string;
  readonly task: string;
  readonly right: string;
}

/** Whether results of a study are there. */
export const hasResults = (name: string): boolean => existsSync(join(resultsFolder, name, "report.json"));

/** The kept `report.json` of a study. */
export const readResults = (name: string): ComparisonReport =>
  JSON.parse(readFileSync(join(resultsFolder, name, "report.json"), "utf8")) as ComparisonReport;

/** Every answer of every final run of a study. */
export const readAnswers = (name: string): Answers[] =>
  readFileSync(join(resultsFolder, name, "answers.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Answers);

/**
 * Copies what a finished comparison found from its output folder into `studies/results/NAME`: `report.md`, `report.json`
 * without the texts that it quotes, and `answers.jsonl` with every answer of every final run.
 */
export function keepResults(name: string): void {
  const output = join(repository, "out/study", name);
  const folder = join(resultsFolder, name);
  const report = JSON.parse(readFileSync(join(output, "report.json"), "utf8")) as ComparisonReport;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report.md"), readFileSync(join(output, "report.md")));
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(withoutTexts(report), null, 1)}\n`);
  const finished = report.runs.filter(({ final, failure }) => final && failure === null);
  const answers = finished.flatMap((run) => answersOf(run, output));
  writeFileSync(join(folder, "answers.jsonl"), answers.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** The report without examples of answers and rows of tokens, which are most of its size. */
const withoutTexts = (report: ComparisonReport): ComparisonReport => ({
  ...report,
  cells: report.cells.map((cell) => ({
    ...cell,
    tasks: cell.tasks.map((task) => ({
      ...task,
      flips: task.flips.map((flip) => ({ ...flip, examples: [] })),
    })),
    tokens: cell.tokens.map((tokens) => ({ ...tokens, rows: [] })),
  })),
  runs: report.runs.map((run) => ({ ...run, curve: [] })),
});

function answersOf({ name, folder }: ComparisonReport["runs"][number], output: string): Answers[] {
  const evaluations = join(output, folder, "eval");
  // Names end with a date: of a task that was measured twice, the newest stays.
  const files = readdirSync(evaluations).filter((file) => file.startsWith("samples_"));
  const fileOf = new Map(
    files.sort().map((file) => [file.replace(/^samples_/, "").replace(/_\d{4}-.*$/, ""), file]),
  );
  return [...fileOf].map(([task, file]) => {
    const lines = readFileSync(join(evaluations, file), "utf8").trimEnd().split("\n");
    const samples = lines.map((line) => JSON.parse(line) as { doc_id: number; exact_match: number });
    samples.sort((a, b) => a.doc_id - b.doc_id);
    return { run: name, task, right: samples.map(({ exact_match }) => String(exact_match)).join("") };
  });
}
