/** @file Makes the rows, items and tasks in `studies/data`, always the same: `node studies/dist/make-files.js`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { trainingFile } from "@one-token/demo/fine-tune";
import { Random } from "@one-token/demo/random";
import { ANSWER_TOKENS } from "@one-token/demo/score";
import {
  hardAddition,
  hardMultiplication,
  type Item,
  type MakeItem,
  testAddition,
  testMultiplication,
} from "@one-token/demo/skills";
import { taskFile, type TaskOptions } from "./task-file.js";
import { story } from "./stories.js";
import { bracketed, terse, trainingSets } from "./training-rows.js";

const folder = fileURLToPath(new URL("../data", import.meta.url));
const ITEMS = { validation: 300, test: 400, stories: 200 } as const;

const jsonl = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join("");

function main(): void {
  for (const name of ["rows", "items", "tasks"]) mkdirSync(join(folder, name), { recursive: true });
  const sets = trainingSets();
  for (const [name, rows] of Object.entries(sets)) writeFileSync(join(folder, "rows", `${name}.jsonl`), trainingFile(rows));

  // An item that was trained on, or that another set has, tells nothing.
  const taken = new Set(Object.values(sets).flatMap((rows) => rows.map(({ prompt }) => prompt)));
  const draw = (name: string, make: MakeItem, count: number): Item[] => {
    const random = new Random(`items of the study, ${name}`);
    const items: Item[] = [];
    while (items.length < count) {
      const item = make(random);
      if (taken.has(item.prompt)) continue;
      taken.add(item.prompt);
      items.push(item);
    }
    writeFileSync(join(folder, "items", `${name}.jsonl`), jsonl(items));
    return items;
  };
  const writeTask = (name: string, items: string, options: Partial<TaskOptions> = {}) =>
    writeFileSync(
      join(folder, "tasks", `${name}.yaml`),
      taskFile({ name, items: `../items/${items}.jsonl`, tokens: ANSWER_TOKENS.target, ...options }),
    );

  for (const [name, make, count] of [
    ["addition_validation", testAddition, ITEMS.validation],
    ["addition_test", testAddition, ITEMS.test],
    ["addition_hard", hardAddition, ITEMS.test],
    ["multiplication_validation", testMultiplication, ITEMS.validation],
    ["multiplication_test", testMultiplication, ITEMS.test],
    ["multiplication_hard", hardMultiplication, ITEMS.test],
  ] as const) {
    draw(name, make, count);
    writeTask(name, name);
  }
  draw("stories", story, ITEMS.stories);
  writeTask("stories", "stories", { tokens: ANSWER_TOKENS.other });
  writeTask("addition_test_sampled", "addition_test", { sampled: true });
  for (const [name, make, count] of [
    ["terse_validation", terse, ITEMS.validation],
    ["terse_test", terse, ITEMS.test],
    ["bracketed_validation", bracketed, ITEMS.validation],
    ["bracketed_test", bracketed, ITEMS.test],
  ] as const) {
    draw(name, make, count);
    writeTask(name, name, { wholeLine: true });
  }
}

main();
