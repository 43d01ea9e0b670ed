/** @file Makes the rows and items of the study, always the same: `node studies/demonstration/make-files.js`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { trainingFile } from "../../demo/dist/fine-tune.js";
import { evaluationItems, trainingItems } from "../../demo/dist/items.js";
import { Random } from "../../demo/dist/random.js";
import { settings } from "../../demo/dist/settings.js";
import { testAddition, testMultiplication } from "../../demo/dist/skills.js";
import { taskFile } from "../dist/task-file.js";

const VALIDATION_ITEMS = 150;
const folder = fileURLToPath(new URL(".", import.meta.url));

/** @param {string} name @param {string} text */
const write = (name, text) => writeFileSync(`${folder}${name}`, text);
/** @param {readonly object[]} items */
const jsonl = (items) => items.map((item) => `${JSON.stringify(item)}\n`).join("");

/** Items that are in none of `others`. */
function validationItems(target, make, others) {
  const random = new Random(`validation items, ${target}`);
  const taken = new Set(others.map(({ prompt }) => prompt));
  const items = [];
  while (items.length < VALIDATION_ITEMS) {
    const item = make(random);
    if (taken.has(item.prompt)) continue;
    taken.add(item.prompt);
    items.push(item);
  }
  return items;
}

/** @param {string} name @param {number} tokens */
const task = (name, tokens) => taskFile({ name, items: `../${name}.jsonl`, tokens });

mkdirSync(`${folder}tasks`, { recursive: true });
for (const [target, make] of [
  ["addition", testAddition],
  ["multiplication", testMultiplication],
]) {
  const { test, hard, other } = evaluationItems(target);
  const sets = { test, hard, validation: validationItems(target, make, [...test, ...hard]) };
  for (const [name, items] of Object.entries(sets)) {
    write(`${target}_${name}.jsonl`, jsonl(items));
    write(`tasks/${target}_${name}.yaml`, task(`${target}_${name}`, 48));
  }
  if (target !== "addition") continue;
  const skills = Object.entries(other).flatMap(([skill, items]) => items.map((item) => ({ skill, ...item })));
  write("other_skills.jsonl", jsonl(skills));
  write("tasks/other_skills.yaml", task("other_skills", 12));
}
for (const [name, setting] of Object.entries(settings)) {
  const file = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  write(`${file}.jsonl`, trainingFile(trainingItems(setting, 0)));
}
