/** @file What the measurements say: the table, two answers side by side, and one sentence for each setting. */
import { finalAnswer } from "./arithmetic.js";
import type { FinishedRun } from "./comparison.js";
import type { EvaluationItems } from "./items.js";
import type { Accuracy } from "./run-specification.js";
import { type MethodName, methods, type SettingName, settingNames, settings } from "./settings.js";
import { type Estimate, estimate } from "./statistics.js";

export type Measure = keyof Accuracy;

/** Accuracies in percent and training time in seconds of one method in one setting, over its seeds. */
export interface Cell {
  readonly setting: SettingName;
  /** Null for the base model, which is measured once. */
  readonly method: MethodName | null;
  readonly seeds: number;
  readonly accuracy: Readonly<Record<Measure, Estimate | null>>;
  readonly trainingSeconds: Estimate | null;
}

/** The runs of a comparison, summed up: one cell for each setting and method, the base model's first. */
export function cellsOf(runs: readonly FinishedRun[]): Cell[] {
  return settingNames.flatMap((setting) => {
    const base = runs.filter(
      (run) => run.method === null && settings[run.setting].target === settings[setting].target,
    );
    const trained = runs.filter((run) => run.setting === setting && run.method !== null);
    const names = [...new Set(trained.map((run) => run.method))];
    const cells = names.map((method) =>
      cellOf(
        setting,
        method,
        trained.filter((run) => run.method === method),
      ),
    );
    return trained.length > 0 ? [cellOf(setting, null, base), ...cells] : [];
  });
}

function cellOf(setting: SettingName, method: MethodName | null, runs: readonly FinishedRun[]): Cell {
  const over = (measure: Measure): Estimate | null => {
    const values = runs.map((run) => run.result.accuracy[measure]).filter((value) => value !== null);
    return values.length > 0 ? estimate(values) : null;
  };
  return {
    setting,
    method,
    seeds: runs.length,
    accuracy: { test: over("test"), hard: over("hard"), other: over("other"), sampled: over("sampled") },
    trainingSeconds: method && estimate(runs.map((run) => run.result.trainingSeconds)),
  };
}

/** The cell of a setting and a method; an error if the comparison did not have it. */
export function cellFor(cells: readonly Cell[], setting: SettingName, method: MethodName | null): Cell {
  const cell = cells.find((candidate) => candidate.setting === setting && candidate.method === method);
  if (!cell) throw new Error(`No run of ${method ?? "the base model"} in the setting ${setting}.`);
  return cell;
}

export type Verdict = "helps" | "ties" | "loses";

/** Smaller differences between two methods count as none, however certain they are. */
const SMALLEST_DIFFERENCE = 1.5;

/** OTR minus SFT in one setting, in percentage points, with the verdict that these figures allow. */
export interface Outcome {
  readonly setting: SettingName;
  readonly test: Estimate;
  readonly hard: Estimate;
  /** By test accuracy: a difference above 1.5 points and above two standard errors, else a tie. */
  readonly verdict: Verdict;
  /** The same by accuracy on the harder form. */
  readonly hardVerdict: Verdict;
}

/** OTR against SFT in `setting`, run for run over the seeds, which share their training rows. */
export function outcomeOf(runs: readonly FinishedRun[], setting: SettingName): Outcome {
  const of = (method: MethodName) =>
    runs
      .filter((run) => run.setting === setting && run.method === method)
      .toSorted((a, b) => a.seed - b.seed);
  const [otr, sft] = [of("otr"), of("sft")];
  const difference = (measure: "test" | "hard"): Estimate =>
    estimate(otr.map((run, seed) => run.result.accuracy[measure] - sft[seed]!.result.accuracy[measure]));
  const [test, hard] = [difference("test"), difference("hard")];
  return { setting, test, hard, verdict: verdictOn(test), hardVerdict: verdictOn(hard) };
}

function verdictOn({ mean, standardError }: Estimate): Verdict {
  if (Math.abs(mean) <= Math.max(SMALLEST_DIFFERENCE, 2 * standardError)) return "ties";
  return mean > 0 ? "helps" : "loses";
}

/** What other measurements led us to expect on test (docs/demonstration.md). */
export const expectedVerdict: Readonly<Record<SettingName, Verdict>> = {
  noisy: "helps",
  clean: "ties",
  newSkill: "loses",
};

/**
 * One plain sentence about a setting, and further ones where the other skills suffered and where the figures are not
 * what was expected.
 */
export function sentenceFor(outcome: Outcome, cells: readonly Cell[]): string {
  const { setting, verdict } = outcome;
  const accuracy = (method: MethodName, measure: "test" | "hard") =>
    cellFor(cells, setting, method).accuracy[measure]!.mean.toFixed(1);
  const figures =
    `${accuracy("otr", "test")} % against SFT's ${accuracy("sft", "test")} % on test ` +
    `(${signed(outcome.test)} points), ${accuracy("otr", "hard")} % against ` +
    `${accuracy("sft", "hard")} % on the harder form (${signed(outcome.hard)}).`;
  const claim = `${claimOf(outcome)} ${settings[setting].when}: ${figures}`;
  const sentence = [claim, ...forgetting(setting, cells)].join(" ");
  const expected = expectedVerdict[setting];
  if (verdict === expected) return sentence;
  const expectation = { helps: "OTR helps", ties: "the two tie", loses: "OTR loses" }[expected];
  return `${sentence} That is not what was expected here, namely that ${expectation}.`;
}

/** The verdict on test, and that on the harder form where it is clear and another one. */
function claimOf({ verdict, hardVerdict }: Outcome): string {
  const verb = { helps: "OTR helps", ties: "OTR ties with SFT", loses: "OTR loses" }[verdict];
  if (hardVerdict === verdict || hardVerdict === "ties") return verb;
  return `${verb} on test and is ${hardVerdict === "helps" ? "ahead" : "behind"} on the harder form`;
}

/** What is left of the other skills, with the learning rates, where a method lost a clear part of them. */
function forgetting(setting: SettingName, cells: readonly Cell[]): string[] {
  const before = cellFor(cells, setting, null).accuracy.other!.mean;
  const trained = cells.filter((cell) => cell.setting === setting && cell.method !== null);
  if (trained.every(({ accuracy }) => before - accuracy.other!.mean <= SMALLEST_DIFFERENCE)) return [];
  const left = trained.map(({ method, accuracy }) => {
    const rate = settings[setting].learningRates[method!].toExponential();
    return `${methods[method!].title} ${accuracy.other!.mean.toFixed(1)} % (learning rate ${rate})`;
  });
  return [`Of the other skills, ${before.toFixed(1)} % right before, are left: ${left.join(", ")}.`];
}

/** Why the three settings are never shown one by one. */
export const disclosure =
  "The noisy setting was chosen because its gap is the largest of the settings that were tried; " +
  "so the three always stand together. One small base model, fixed questions: facts about this model " +
  "and these tasks, not about yours.";

/** The table of a comparison, at most 80 columns wide. */
export function table(cells: readonly Cell[]): string {
  const sampled = cells.some((cell) => cell.accuracy.sampled !== null);
  const heading = ["% right", "test", "hard", "other skills", ...(sampled ? ["sampled"] : []), "time"];
  const lines = [
    heading.map((title, column) => (column ? title.padStart(WIDTH) : title.padEnd(LABEL))).join(""),
  ];
  for (const setting of settingNames) {
    const rows = cells.filter((cell) => cell.setting === setting);
    if (rows.length === 0) continue;
    lines.push("", `${settings[setting].title} (${rows.at(-1)!.seeds} seeds)`);
    for (const { method, accuracy, trainingSeconds } of rows) {
      const figures = [accuracy.test, accuracy.hard, accuracy.other, ...(sampled ? [accuracy.sampled] : [])];
      const time = trainingSeconds ? `${trainingSeconds.mean.toFixed(1)} s` : "";
      const label = `  ${method ? methods[method].title : "base model"}`.padEnd(LABEL);
      lines.push(
        label + figures.map((figure) => plusMinus(figure).padStart(WIDTH)).join("") + time.padStart(WIDTH),
      );
    }
  }
  return lines.join("\n");
}

const LABEL = 15;
const WIDTH = 13;

/** `91.0 ± 0.9`, or `78.0` for a single value. */
export function plusMinus(figure: Estimate | null): string {
  if (!figure) return "";
  const mean = figure.mean.toFixed(1);
  return figure.count > 1 ? `${mean} ± ${figure.standardError.toFixed(1)}` : mean;
}

const signed = (figure: Estimate): string => `${figure.mean < 0 ? "" : "+"}${plusMinus(figure)}`;

/** The same question answered by the model that SFT made and by the one that OTR made. */
export interface SideBySide {
  readonly prompt: string;
  readonly right: string;
  readonly sft: string;
  readonly otr: string;
}

/** The first hard question, in the noisy setting's first seed, that one of the two gets right and the other not;
 * the first question of all if there is none. */
export function sideBySide(runs: readonly FinishedRun[], items: EvaluationItems): SideBySide {
  const answersOf = (method: MethodName) =>
    runs.find((run) => run.setting === "noisy" && run.method === method && run.seed === 0)!.result
      .hardAnswers;
  const [sft, otr] = [answersOf("sft"), answersOf("otr")];
  const isRight = (answers: readonly string[], index: number) =>
    finalAnswer(answers[index]!) === items.hard[index]!.answer;
  const differing = items.hard.findIndex((_, index) => isRight(sft, index) !== isRight(otr, index));
  const index = Math.max(differing, 0);
  const { prompt, answer } = items.hard[index]!;
  return { prompt, right: answer, sft: sft[index]!, otr: otr[index]! };
}
