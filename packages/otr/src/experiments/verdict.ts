/** @file Says in plain language what a comparison has shown, and what it has not. */
import { counted, formatNumber } from "../config/format-value.js";
import { isOfTheseRuns } from "./judge-differences.js";
import { learnedObjectives } from "./learned-objectives.js";
import type { ReportedCell, ReportedChoice, ReportedDifference, ReportedTask } from "./report.js";
import { percent, pointRange, ROLE_WORDS } from "./report-format.js";

/** What a verdict is about. */
export interface Judged {
  readonly cells: readonly ReportedCell[];
  readonly choices: readonly ReportedChoice[];
  /** How many the configuration has. */
  readonly seeds: number;
}

/** Sentences on the whole, then on each task of each cell, and on what limits what they say. */
export function verdictOf(judged: Judged): string[] {
  const { cells } = judged;
  const differences = cells.flatMap(({ tasks }) => tasks.flatMap((task) => task.differences));
  const several = new Set(cells.map(({ model }) => model)).size > 1;
  return [
    headline(differences),
    ...seedCaution(differences),
    ...cells.flatMap((cell) => {
      const place = `${cell.dataset}${several ? ` on ${cell.model}` : ""}`;
      return cellSentences(judged, cell, place);
    }),
  ];
}

function headline(differences: readonly ReportedDifference[]): string {
  const all = differences.length;
  const shown = differences.filter((difference) => difference.shown).length;
  if (all === 0) return "Nothing could be compared: no two objectives have a finished run.";
  if (shown === 0 && differences.some(isOfTheseRuns)) return "No difference of objectives could be shown.";
  if (shown === 0)
    return `No difference could be shown: ${all === 1 ? "the one comparison does not stand" : `none of ${all} comparisons stands`} out from chance.`;
  if (shown === all)
    return all === 1 ? "A difference is shown." : `Each of ${all} comparisons shows a difference.`;
  const rest = all - shown === 1 ? "the other one" : "the others";
  return `${shown} of ${all} comparisons ${shown === 1 ? "shows" : "show"} a difference; for ${rest} no difference could be shown.`;
}

/** What one run of each can tell. */
function seedCaution(differences: readonly ReportedDifference[]): string[] {
  const single = differences.filter(({ seeds }) => seeds === 1).length;
  if (single === 0) return [];
  const which =
    single === differences.length ? "Each comparison" : `${counted(single, "comparison")} of these`;
  const verb = single === differences.length || single === 1 ? "is" : "are";
  return [
    `${which} ${verb} between single runs with one seed: nothing is known of what other seeds would give, so no difference of objectives can be shown. Repeat over more seeds.`,
  ];
}

function cellSentences(judged: Judged, cell: ReportedCell, place: string): string[] {
  const learned = learnedObjectives(cell);
  const judges = cell.tasks.some(({ role }) => role !== "forgetting");
  const idle = judges ? objectivesOf(cell).filter((objective) => !learned.has(objective)) : [];
  return [
    ...cell.tasks.map((task) => {
      const name = `${place}, ${task.task} (${ROLE_WORDS[task.role]})`;
      return `${name}: ${taskSentence(task, judged.seeds, idle)}${baseSentence(task)}`;
    }),
    ...(idle.length === 0
      ? []
      : [
          `${place}: ${listed(idle)} ${idle.length === 1 ? "was" : "were"} not shown to have learned anything: no score in or out of domain stands out above the base model's.`,
        ]),
    ...choiceSentences(judged, cell, place),
  ];
}

const objectivesOf = ({ tasks }: ReportedCell): string[] => [
  ...new Set(tasks.flatMap(({ scores }) => scores.flatMap(({ objective }) => objective ?? []))),
];

function taskSentence(task: ReportedTask, seeds: number, idle: readonly string[]): string {
  const { role, differences } = task;
  if (differences.length === 0) return "nothing to compare.";
  const shown = differences.filter((difference) => difference.shown);
  const ofRuns = differences.filter(isOfTheseRuns);
  const clauses = [
    ...shown.map((difference) => clause(difference, role, seeds, idle)),
    ...ofRuns.map((difference) => runClause(difference)),
  ];
  const rest = differences.filter(
    (difference) => !shown.includes(difference) && !ofRuns.includes(difference),
  );
  if (rest.length === 0) return `${clauses.join("; ")}.`;
  const limit = limitOf(rest);
  if (clauses.length === 0) return `no difference could be shown.${limit}`;
  const others = rest.length === 1 ? "pair" : `${rest.length} pairs`;
  return `${clauses.join("; ")}. No difference could be shown between the other ${others}.${limit}`;
}

function limitOf(differences: readonly ReportedDifference[]): string {
  const largest = Math.max(...differences.map(({ detectable }) => detectable ?? 0));
  if (largest === 0) return "";
  if (largest > 1)
    return " With so many items and seeds, no difference would have been likely to show: repeat over more seeds.";
  return ` With so many items and seeds, only differences of about ${percent(largest)} points or more would have been likely to show.`;
}

/** `otr is better than sft by 8.4 points (95 %: 4.1 to 12.7)` */
function clause(
  difference: ReportedDifference,
  role: ReportedTask["role"],
  configured: number,
  idle: readonly string[],
): string {
  const { better, worse, size, range } = turned(difference);
  const reservations = [
    ...(difference.seeds < configured
      ? [`over the ${difference.seeds} of ${configured} seeds that both finished`]
      : []),
    ...(role === "forgetting" && idle.includes(better)
      ? [`but ${better} was not shown to have learned anything, and who learns nothing keeps everything`]
      : []),
  ];
  const verb = role === "forgetting" ? "kept more than" : "is better than";
  return [`${better} ${verb} ${worse} by ${size} points${range}`, ...reservations].join(", ");
}

function runClause(difference: ReportedDifference): string {
  const { better, worse, size, range } = turned(difference);
  return `the one run of ${better} scored ${size} points more than that of ${worse}${range}, which is more than the choice of items explains, and tells nothing of other seeds`;
}

function turned({ first, second, difference, interval }: ReportedDifference) {
  const [better, worse, sign] = difference > 0 ? [second, first, 1] : [first, second, -1];
  const range = interval && (sign > 0 ? interval : { low: -interval.high, high: -interval.low });
  return {
    better,
    worse,
    size: percent(Math.abs(difference)),
    range: range ? ` (95 %: ${pointRange(range)})` : "",
  };
}

/** Who forgot. */
function baseSentence({ role, changes }: ReportedTask): string {
  if (role !== "forgetting" || changes.length === 0) return "";
  const lost = changes.filter((change) => change.difference < 0 && (change.shown || isOfTheseRuns(change)));
  if (lost.length === 0) return " No loss against the base model could be shown.";
  const losses = lost.map((change) => {
    const { worse, size, range } = turned(change);
    return `${worse} lost ${size} points${range}${change.shown ? "" : " in its one run"}`;
  });
  return ` Against the base model ${losses.join("; ")}.`;
}

/** Learning rates that were no real choice, of objectives that stand in a difference. */
function choiceSentences({ choices }: Judged, cell: ReportedCell, place: string): string[] {
  const told = cell.tasks
    .flatMap(({ differences }) => differences)
    .filter((difference) => difference.shown || isOfTheseRuns(difference));
  const own = choices.filter(
    ({ model, dataset, objective }) =>
      model === cell.model &&
      dataset === cell.dataset &&
      told.some(({ first, second }) => objective === first || objective === second),
  );
  return own.flatMap(({ objective, chosen, at_edge: edge, tied }) => {
    if (chosen === null || (edge === null && !tied)) return [];
    const rate = formatNumber(chosen);
    if (tied)
      return [
        `${place}: all learning rates of ${objective} scored alike on validation, so that ${rate} was not chosen for its merit.`,
      ];
    return [
      `${place}: ${objective} is judged at ${rate}, the ${edge} learning rate that was tried; it may do better at a ${edge === "smallest" ? "smaller" : "larger"} one.`,
    ];
  });
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
