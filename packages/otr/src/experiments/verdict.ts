/** @file Says in plain language what a comparison has shown, and what it has not. */
import type { ReportedCell, ReportedDifference, ReportedTask } from "./report.js";
import { pointRange, ROLE_WORDS } from "./report-format.js";

/**
 * One sentence on the whole, then one for each task of each cell.
 *
 * @param seeds how many there are of each objective
 */
export function verdictOf(cells: readonly ReportedCell[], seeds: number): string[] {
  const differences = cells.flatMap(({ tasks }) => tasks.flatMap((task) => task.differences));
  const shown = differences.filter((difference) => difference.shown).length;
  const head = headline(shown, differences.length);
  const caution =
    seeds < 2 && differences.length > 0
      ? ["With one seed, a difference may be this seed's luck: repeat over more."]
      : [];
  const several = new Set(cells.map(({ model }) => model)).size > 1;
  return [
    head,
    ...caution,
    ...cells.flatMap((cell) => cell.tasks.map((task) => taskSentence(cell, task, several))),
  ];
}

function headline(shown: number, all: number): string {
  if (all === 0) return "Nothing could be compared: no two objectives have a finished run.";
  if (shown === 0)
    return `No difference could be shown: ${all === 1 ? "the one comparison does not stand" : `none of ${all} comparisons stands`} out from chance.`;
  if (shown === all)
    return all === 1 ? "A difference is shown." : `Each of ${all} comparisons shows a difference.`;
  const rest = all - shown === 1 ? "the other one" : "the others";
  return `${shown} of ${all} comparisons ${shown === 1 ? "shows" : "show"} a difference; for ${rest} no difference could be shown.`;
}

function taskSentence(
  { model, dataset }: ReportedCell,
  { task, role, differences }: ReportedTask,
  several: boolean,
): string {
  const place = `${dataset}${several ? ` on ${model}` : ""}, ${task} (${ROLE_WORDS[role]})`;
  const shown = differences.filter((difference) => difference.shown);
  if (differences.length === 0) return `${place}: nothing to compare.`;
  if (shown.length === 0) {
    const smallest = Math.max(...differences.map(({ detectable }) => detectable ?? 0));
    const limit =
      smallest > 0
        ? ` Only differences of about ${(100 * smallest).toFixed(1)} points or more would have been likely to show.`
        : "";
    return `${place}: no difference could be shown.${limit}`;
  }
  const rest = differences.length - shown.length;
  const end =
    rest === 0
      ? ""
      : ` No difference could be shown between the other ${rest === 1 ? "pair" : `${rest} pairs`}.`;
  return `${place}: ${shown.map(clause).join("; ")}.${end}`;
}

/** `otr is better than sft by 8.4 points (95 %: 4.1 to 12.7)` */
function clause({ first, second, difference, interval }: ReportedDifference): string {
  const [better, worse, sign] = difference > 0 ? [second, first, 1] : [first, second, -1];
  const turned = interval && (sign > 0 ? interval : { low: -interval.high, high: -interval.low });
  const range = turned ? ` (95 %: ${pointRange(turned)})` : "";
  return `${better} is better than ${worse} by ${(100 * Math.abs(difference)).toFixed(1)} points${range}`;
}
