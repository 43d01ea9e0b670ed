/** @file The rows, items and tasks of the study: the contents of `studies/data`. */
import { trainingFile } from "@one-token/demo/fine-tune";
import { Random } from "@one-token/demo/random";
import { ANSWER_TOKENS } from "@one-token/demo/score";
import {
  hardAddition,
  hardMultiplication,
  type MakeItem,
  testAddition,
  testMultiplication,
} from "@one-token/demo/skills";
import { story } from "./stories.js";
import { taskFile, type TaskOptions } from "./task-file.js";
import { bracketed, terse, trainingSets } from "./training-rows.js";

/** How the items of a task are drawn, and how it asks them. */
interface ItemSet extends Partial<TaskOptions> {
  readonly make: MakeItem;
  readonly count: number;
}

const VALIDATION = 300;
const TEST = 400;
const STORIES = 200;

const itemSets: Readonly<Record<string, ItemSet>> = {
  addition_validation: { make: testAddition, count: VALIDATION },
  addition_test: { make: testAddition, count: TEST },
  addition_hard: { make: hardAddition, count: TEST },
  multiplication_validation: { make: testMultiplication, count: VALIDATION },
  multiplication_test: { make: testMultiplication, count: TEST },
  multiplication_hard: { make: hardMultiplication, count: TEST },
  stories: { make: story, count: STORIES, tokens: ANSWER_TOKENS.other },
  terse_validation: { make: terse, count: VALIDATION, wholeLine: true },
  terse_test: { make: terse, count: TEST, wholeLine: true },
  bracketed_validation: { make: bracketed, count: VALIDATION, wholeLine: true },
  bracketed_test: { make: bracketed, count: TEST, wholeLine: true },
};

/** The files' contents by their paths within `studies/data`, always the same. */
export function studyFiles(): Map<string, string> {
  const files = new Map<string, string>();
  const sets = Object.entries(trainingSets());
  for (const [name, rows] of sets) files.set(`rows/${name}.jsonl`, trainingFile(rows));

  // An item that was trained on, or that another set has, tells nothing.
  const taken = new Set(sets.flatMap(([, rows]) => rows.map(({ prompt }) => prompt)));
  const addTask = (name: string, items: string, options: Partial<TaskOptions>) => {
    const task = { name, items: `../items/${items}.jsonl`, tokens: ANSWER_TOKENS.target, ...options };
    files.set(`tasks/${name}.yaml`, taskFile(task));
  };
  for (const [name, { make, count, ...options }] of Object.entries(itemSets)) {
    files.set(`items/${name}.jsonl`, drawItems(name, make, count, taken));
    addTask(name, name, options);
  }
  addTask("addition_test_sampled", "addition_test", { sampled: true });
  return files;
}

/** Items that are not in `taken`, and then are. */
function drawItems(name: string, make: MakeItem, count: number, taken: Set<string>): string {
  const random = new Random(`items of the study, ${name}`);
  const lines: string[] = [];
  while (lines.length < count) {
    const item = make(random);
    if (taken.has(item.prompt)) continue;
    taken.add(item.prompt);
    lines.push(`${JSON.stringify(item)}\n`);
  }
  return lines.join("");
}
