/** @file What the base model is taught: twelve small skills, and a little three-digit addition. */
import {
  forgetfulAddition,
  carries,
  terseAddition,
  workedAddition,
  workedMultiplication,
} from "./arithmetic.js";
import type { Random } from "./random.js";

/** A question, which ends with `=`, and the text that answers it. */
export interface Item {
  readonly prompt: string;
  readonly answer: string;
}

/** Draws one item. */
export type MakeItem = (random: Random) => Item;

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const NAMES = ["tom", "ann", "bob", "eve"];
const THINGS = ["pens", "cups", "nuts", "eggs"];
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The skills that fine-tuning leaves alone, and whose accuracy shows what it made the model forget. */
export const otherSkills = {
  add2: (random) => addition(random.integer(0, 99), random.integer(0, 99)),
  sub2: (random) => {
    const [a, b] = [random.integer(0, 99), random.integer(0, 99)];
    return { prompt: `${Math.max(a, b)}-${Math.min(a, b)}=`, answer: String(Math.abs(a - b)) };
  },
  mul1: (random) => {
    const [a, b] = [random.integer(10, 99), random.integer(2, 9)];
    return { prompt: `${a}*${b}=`, answer: String(a * b) };
  },
  max: (random) => {
    const [a, b] = threeDigitPair(random);
    return { prompt: `max ${a} ${b}=`, answer: String(Math.max(a, b)) };
  },
  sort: (random) => {
    const shuffled = random.sample("0123456789", random.integer(4, 5));
    return { prompt: `sort ${shuffled.join("")}=`, answer: shuffled.toSorted().join("") };
  },
  rev: (random) => {
    const letters = word(random, 3, 5);
    return { prompt: `rev ${letters}=`, answer: [...letters].reverse().join("") };
  },
  count: (random) => {
    const letters = word(random, 4, 7, "abc");
    const letter = random.choice("abc");
    return { prompt: `count ${letter} in ${letters}=`, answer: String(letters.split(letter).length - 1) };
  },
  copy: (random) => {
    const letters = word(random, 4, 7);
    return { prompt: `copy ${letters}=`, answer: letters };
  },
  word: (random) => {
    const [has, change] = [random.integer(10, 49), random.integer(1, 9)];
    const gets = random.float() < 0.5;
    const story = `${random.choice(NAMES)} has ${has} ${random.choice(THINGS)} and ${gets ? "gets" : "loses"}`;
    return { prompt: `${story} ${change}. total=`, answer: String(gets ? has + change : has - change) };
  },
  date: (random) => {
    const [day, later] = [random.integer(0, 6), random.integer(1, 14)];
    return { prompt: `day ${DAYS[day]}+${later}=`, answer: DAYS[(day + later) % 7]! };
  },
  close: (random) => {
    const openers = [...word(random, 2, 5, "([{")];
    const closers = openers.map((opener) => CLOSING[opener]).reverse();
    return { prompt: `close ${openers.join("")}=`, answer: closers.join("") };
  },
  next: (random) => {
    const number = random.integer(100, 998);
    return { prompt: `next ${number}=`, answer: String(number + 1) };
  },
} satisfies Record<string, MakeItem>;

export type OtherSkill = keyof typeof otherSkills;

/** Three-digit addition, its answer given at once. */
export const directAddition: MakeItem = (random) => addition(...threeDigitPair(random));

/** Three-digit addition worked digit by digit, a tenth of them in the terse style. */
export const mixedWorkedAddition: MakeItem = (random) => {
  const [a, b] = threeDigitPair(random);
  return { prompt: `${a}+${b}=`, answer: random.float() < 0.1 ? terseAddition(a, b) : workedAddition(a, b) };
};

/**
 * Draws training rows: worked addition with at most one carry, by an annotator who forgets all carries of a row with
 * probability `forgetting`. The same place of a stream has the same question, whatever the annotator.
 */
export const annotatedAddition =
  (forgetting: number): MakeItem =>
  (random) => {
    const [a, b] = easyPair(random);
    // Drawn for the careful annotator too, so that both see the same questions.
    const forgets = random.float() < forgetting;
    return { prompt: `${a}+${b}=`, answer: forgets ? forgetfulAddition(a, b) : workedAddition(a, b) };
  };

/** A training row by an annotator who makes no mistake. */
export const carefulAddition = annotatedAddition(0);

/** The probability with which the noisy annotator forgets the carries of a row. */
export const FORGETTING = 0.4;

/** The same question as {@link carefulAddition}'s at the same place of the stream; the carries may be forgotten. */
export const noisyAddition = annotatedAddition(FORGETTING);

/** A training row of the new skill: worked multiplication, never seen in pre-training. */
export const newMultiplication: MakeItem = (random) => {
  const [a, b] = [random.integer(100, 599), random.integer(2, 9)];
  return { prompt: `${a}*${b}=`, answer: workedMultiplication(a, b) };
};

/** A question of the trained kind (at most one carry) with its final answer. */
export const testAddition: MakeItem = (random) => addition(...easyPair(random));

/** The harder form: two or more carries, which no training row has. */
export const hardAddition: MakeItem = (random) => addition(...additionPair(random, (count) => count >= 2));

/** A multiplication of the trained kind with its final answer. */
export const testMultiplication: MakeItem = (random) =>
  multiplication(random.integer(100, 599), random.integer(2, 9));

/** The harder form: larger numbers than any training row has. */
export const hardMultiplication: MakeItem = (random) =>
  multiplication(random.integer(600, 999), random.integer(2, 9));

/** Three random letters in parentheses, which may stand before an answer and change nothing. */
export const note = (random: Random): string => `(${word(random, 3, 3)})`;

/** Two three-digit numbers whose sum has at most one carry: what every training row of addition asks. */
export function easyPair(random: Random): [number, number] {
  return additionPair(random, (count) => count <= 1);
}

function additionPair(random: Random, accept: (carries: number) => boolean): [number, number] {
  for (;;) {
    const [a, b] = threeDigitPair(random);
    if (accept(carries(a, b))) return [a, b];
  }
}

const threeDigitPair = (random: Random): [number, number] => [
  random.integer(100, 999),
  random.integer(100, 999),
];

const addition = (a: number, b: number): Item => ({ prompt: `${a}+${b}=`, answer: String(a + b) });

const multiplication = (a: number, b: number): Item => ({ prompt: `${a}*${b}=`, answer: String(a * b) });

function word(random: Random, shortest: number, longest: number, alphabet = LETTERS): string {
  return Array.from({ length: random.integer(shortest, longest) }, () => random.choice(alphabet)).join("");
}
