/** @file The questions that measure a model, and the rows that fine-tune it. */
import { Random } from "./random.js";
import { budget, type Setting } from "./settings.js";
import {
  hardAddition,
  hardMultiplication,
  type Item,
  type MakeItem,
  otherSkills,
  testAddition,
  testMultiplication,
} from "./skills.js";

/** The questions of one measurement: the trained skill, its harder form, and every skill that was not trained. */
export interface EvaluationItems {
  readonly test: readonly Item[];
  readonly hard: readonly Item[];
  readonly other: Readonly<Record<string, readonly Item[]>>;
}

const TEST_ITEMS = 200;
const ITEMS_PER_OTHER_SKILL = 50;

const draw = (stream: string, make: MakeItem, count: number): Item[] => {
  const random = new Random(stream);
  return Array.from({ length: count }, () => make(random));
};

/** The fixed questions for a target skill: 200 test items, 200 hard items, 12 x 50 items of other skills. */
export function evaluationItems(target: Setting["target"]): EvaluationItems {
  const [test, hard] =
    target === "addition" ? [testAddition, hardAddition] : [testMultiplication, hardMultiplication];
  return {
    test: draw(`test items, ${target}`, test, TEST_ITEMS),
    hard: draw(`hard items, ${target}`, hard, TEST_ITEMS),
    other: Object.fromEntries(
      Object.entries(otherSkills).map(([skill, make]) => [
        skill,
        draw(`items of other skills, ${skill}`, make, ITEMS_PER_OTHER_SKILL),
      ]),
    ),
  };
}

/** The 300 training rows of one fine-tuning seed. */
export function trainingItems(setting: Setting, seed: number): Item[] {
  return draw(`training rows, ${setting.questions}, seed ${seed}`, setting.makeTrainingRow, budget.rows);
}
