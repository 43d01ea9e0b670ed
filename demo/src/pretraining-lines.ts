/** @file The text that the base model is trained on: lines `<question>=<answer>`, drawn skill by skill. */
import type { Random } from "./random.js";
import {
  directAddition,
  type MakeItem,
  mixedWorkedAddition,
  note,
  type OtherSkill,
  otherSkills,
} from "./skills.js";
import { NEWLINE } from "./tokenizer.js";

type PretrainingSkill = OtherSkill | "add3 direct" | "add3 worked";

/** How often each skill is drawn, relative to the others. Three-digit addition is rare: it is to be half known. */
const weights: Readonly<Record<PretrainingSkill, number>> = {
  add2: 2,
  sub2: 2,
  mul1: 2,
  max: 1,
  next: 0.7,
  sort: 1,
  rev: 1,
  copy: 1,
  count: 1.5,
  close: 1,
  word: 1.5,
  date: 1.5,
  "add3 direct": 0.25,
  "add3 worked": 0.25,
};

const makers: Readonly<Record<PretrainingSkill, MakeItem>> = {
  ...otherSkills,
  "add3 direct": directAddition,
  "add3 worked": mixedWorkedAddition,
};

/** The share of lines that have a note, three letters in parentheses, before the answer. */
const NOTE_SHARE = 0.05;

/** Draws one line, newline included. */
export type DrawLine = (random: Random) => string;

/**
 * Draws lines of the base model's text.
 *
 * @param changed weights of skills other than the demonstration's
 * @param added skills beside these, with their weights
 */
export function lineDrawer(
  changed: Partial<Record<PretrainingSkill, number>> = {},
  added: readonly { readonly make: MakeItem; readonly weight: number }[] = [],
): DrawLine {
  const own = Object.entries({ ...weights, ...changed }) as [PretrainingSkill, number][];
  const skills = [...own.map(([skill, weight]) => ({ make: makers[skill], weight })), ...added];
  return (random) => {
    const { prompt, answer } = random.weighted(skills).make(random);
    const before = random.float() < NOTE_SHARE ? note(random) : "";
    return prompt + before + answer + NEWLINE;
  };
}

/** Draws a packed row: a newline, then whole lines and the beginning of one, `characters` in all. */
export function drawPackedRow(random: Random, characters: number, drawLine: DrawLine): string {
  let row = NEWLINE;
  while (row.length < characters) row += drawLine(random);
  return row.slice(0, characters);
}
