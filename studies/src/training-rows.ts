/** @file The rows that the study fine-tunes on: what they teach, and how right they are. */
import { carries, terseAddition } from "@one-token/demo/arithmetic";
import { Random } from "@one-token/demo/random";
import { budget } from "@one-token/demo/settings";
import {
  annotatedAddition,
  carefulAddition,
  easyPair,
  type Item,
  type MakeItem,
  newMultiplication,
} from "@one-token/demo/skills";

/** A worked addition in which one of `share` rows has a column that is off by 1 to 3; the error carries on. */
const mistakenAddition =
  (share: number): MakeItem =>
  (random) => {
    const [a, b] = easyPair(random);
    const right = random.float() >= share;
    const [column, shift] = [random.integer(0, 2), random.choice([-3, -2, -1, 1, 2, 3])];
    return { prompt: `${a}+${b}=`, answer: additionWithShift(a, b, right ? null : { column, shift }) };
  };

/** The worked form of a three-digit addition, with a column's total moved by `shift` (at least to 0). */
function additionWithShift(a: number, b: number, mistake: { column: number; shift: number } | null): string {
  const [left, right] = [a, b].map((value) => [...String(value)].reverse().map(Number)) as [
    number[],
    number[],
  ];
  let carry = 0;
  const totals: number[] = [];
  const work = left.map((digit, column) => {
    const moved = mistake?.column === column ? mistake.shift : 0;
    const total = Math.max(0, digit + right[column]! + carry + moved);
    const text = `${digit}+${right[column]}${carry > 0 ? "+1" : ""}:${total}`;
    totals.push(total);
    carry = total >= 10 ? 1 : 0;
    return text;
  });
  const answer = totals.map((total, column) => (column < 2 ? total % 10 : total)).reverse();
  return `${work.join(",")};${answer.join("")}`;
}

/** Worked addition in the terse form, which a few rows of the pre-training have. */
export const terse: MakeItem = (random) => {
  const [a, b] = easyPair(random);
  return { prompt: `${a}+${b}=`, answer: terseAddition(a, b) };
};

/** The same work in a form that pre-training never shows: `357+268=` as `<7 8>15<5 6 1>12<3 2 1>6|625`. */
export const bracketed: MakeItem = (random) => {
  const { prompt, answer } = carefulAddition(random);
  const [work, sum] = answer.split(";") as [string, string];
  const columns = work.split(",").map((column) => column.replace(/^(.*):/, "<$1>").replaceAll("+", " "));
  return { prompt, answer: `${columns.join("")}|${sum}` };
};

/** Three-digit addition with at most one carry, its answer given at once. */
const direct: MakeItem = (random) => {
  const [a, b] = easyPair(random);
  return { prompt: `${a}+${b}=`, answer: String(a + b) };
};

const ADDITIONS = "training rows, additions, seed";

/** Every set of rows by the name of its file. Those of one stream ask the same questions, as far as they draw alike. */
const sets: Readonly<Record<string, { readonly make: MakeItem; readonly stream: string }>> = {
  clean: { make: carefulAddition, stream: `${ADDITIONS} 0` },
  forgotten_20: { make: annotatedAddition(0.2), stream: `${ADDITIONS} 0` },
  forgotten_40: { make: annotatedAddition(0.4), stream: `${ADDITIONS} 0` },
  forgotten_60: { make: annotatedAddition(0.6), stream: `${ADDITIONS} 0` },
  mistaken_30: { make: mistakenAddition(0.3), stream: `${ADDITIONS} 0` },
  ...Object.fromEntries(
    [1, 2, 3, 4].map((draw) => [
      `forgotten_40_draw_${draw}`,
      { make: annotatedAddition(0.4), stream: `${ADDITIONS} ${draw}` },
    ]),
  ),
  direct: { make: direct, stream: "training rows, direct" },
  rare_format: { make: terse, stream: "training rows, terse" },
  new_format: { make: bracketed, stream: `${ADDITIONS} 0` },
  new_skill: { make: newMultiplication, stream: "training rows, multiplications, seed 0" },
};

/** The 300 rows of each set, by the set's name. */
export function trainingSets(): Record<string, Item[]> {
  return Object.fromEntries(
    Object.entries(sets).map(([name, { make, stream }]) => {
      const random = new Random(stream);
      return [name, Array.from({ length: budget.rows }, () => make(random))];
    }),
  );
}

/** The share of rows, 0 to 1, whose final answer to an addition is wrong. */
export function wrongShare(rows: readonly Item[]): number {
  const isWrong = ({ prompt, answer }: Item): boolean => {
    const [a, b] = prompt.slice(0, -1).split("+").map(Number) as [number, number];
    return Number(answer.split(/[;|]/).at(-1)) !== a + b;
  };
  return rows.filter(isWrong).length / rows.length;
}

/** How many rows of additions have a carry, whose work a forgetful annotator may get wrong. */
export const rowsWithCarry = (rows: readonly Item[]): number =>
  rows.filter(({ prompt }) => {
    const [a, b] = prompt.slice(0, -1).split("+").map(Number) as [number, number];
    return carries(a, b) > 0;
  }).length;
