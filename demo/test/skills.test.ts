import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../../packages/otr/test/shared.js";
import { carries, finalAnswer, forgetfulAddition, workedAddition } from "../src/arithmetic.js";
import { evaluationItems, trainingItems } from "../src/items.js";
import { drawPackedRow, lineDrawer } from "../src/pretraining-lines.js";
import { Random } from "../src/random.js";
import { settings } from "../src/settings.js";
import { type Item, type OtherSkill, otherSkills } from "../src/skills.js";

const drawLine = lineDrawer();

const calculate = (prompt: string, sign: string, operate: (a: number, b: number) => number): string => {
  const [a, b] = prompt.slice(0, -1).split(sign).map(Number);
  return String(operate(a!, b!));
};

/** Answers a question of one of the other skills from its text alone: an oracle that shares nothing with the makers. */
const solve: Record<OtherSkill, (prompt: string) => string> = {
  add2: (prompt) => calculate(prompt, "+", (a, b) => a + b),
  sub2: (prompt) => calculate(prompt, "-", (a, b) => a - b),
  mul1: (prompt) => calculate(prompt, "*", (a, b) => a * b),
  max: (prompt) => String(Math.max(...prompt.match(/\d+/g)!.map(Number))),
  sort: (prompt) => [...prompt.match(/\d+/)![0]].sort().join(""),
  rev: (prompt) => [...prompt.match(/ ([a-z]+)=/)![1]!].reverse().join(""),
  count: (prompt) => {
    const [, letter, letters] = prompt.match(/^count (.) in ([abc]+)=$/)!;
    return String([...letters!].filter((other) => other === letter).length);
  },
  copy: (prompt) => prompt.match(/^copy ([a-z]{4,7})=$/)![1]!,
  word: (prompt) => {
    const [, has, verb, change] = prompt.match(/^[a-z]+ has (\d\d) [a-z]+ and (gets|loses) (\d)\. total=$/)!;
    return String(Number(has) + (verb === "gets" ? 1 : -1) * Number(change));
  },
  date: (prompt) => {
    const [, day, later] = prompt.match(/^day ([a-z]{3})\+(\d+)=$/)!;
    const monday = new Date(Date.UTC(2024, 0, 1));
    const names = Array.from({ length: 7 }, (_, offset) => {
      const date = new Date(monday.getTime() + offset * 86_400_000);
      return date.toLocaleDateString("en", { weekday: "short", timeZone: "UTC" }).toLowerCase();
    });
    return names[(names.indexOf(day!) + Number(later)) % 7]!;
  },
  close: (prompt) => {
    const matching: Record<string, string> = { "(": ")", "[": "]", "{": "}" };
    return [...prompt.slice(6, -1)]
      .map((opener) => matching[opener])
      .reverse()
      .join("");
  },
  next: (prompt) => String(Number(prompt.match(/\d+/)![0]) + 1),
};

describe("the other skills", () => {
  for (const skill of Object.keys(otherSkills) as OtherSkill[]) {
    it(`${skill}: every answer is the one that follows from the question`, () => {
      const random = new Random(`test of ${skill}`);
      for (let draw = 0; draw < 300; draw++) {
        const { prompt, answer } = otherSkills[skill](random);
        expect(`${prompt}${answer}`).toBe(`${prompt}${solve[skill](prompt)}`);
      }
    });
  }

  it.skipIf(!hasShared)("have the prototype's form: the same solutions answer its items", () => {
    const { skills } = JSON.parse(readFileSync(shared("demo/sets.json"), "utf8"));
    expect(Object.keys(skills).toSorted()).toEqual(Object.keys(otherSkills).toSorted());
    for (const skill of Object.keys(skills) as OtherSkill[]) {
      for (const [prompt, answer] of skills[skill]) expect(solve[skill](prompt)).toBe(answer);
    }
  });
});

describe("training rows", () => {
  const operands = (prompt: string) => prompt.slice(0, -1).split("+").map(Number) as [number, number];

  it("are the same questions in the noisy and the clean setting, only some answers differ", () => {
    const clean = trainingItems(settings.clean, 3);
    const noisy = trainingItems(settings.noisy, 3);
    expect(noisy.map(({ prompt }) => prompt)).toEqual(clean.map(({ prompt }) => prompt));
    for (const [index, { prompt, answer }] of noisy.entries()) {
      const [a, b] = operands(prompt);
      expect(carries(a, b)).toBeLessThanOrEqual(1);
      expect(clean[index]!.answer).toBe(workedAddition(a, b));
      expect([workedAddition(a, b), forgetfulAddition(a, b)]).toContain(answer);
    }
  });

  it("are wrong where a forgotten carry matters: 14.7 % of the noisy rows", () => {
    let pairs = 0;
    let matters = 0;
    for (let a = 100; a < 1000; a++) {
      for (let b = 100; b < 1000; b++) {
        if (carries(a, b) > 1) continue;
        pairs++;
        // A carry out of the hundreds is written down even by somebody who forgets carries.
        if ((a % 10) + (b % 10) >= 10 || (a % 100) + (b % 100) >= 100) matters++;
      }
    }
    const expected = (0.4 * matters) / pairs;
    expect(expected).toBeCloseTo(0.147, 3);
    const rows = Array.from({ length: 20 }, (_, seed) => trainingItems(settings.noisy, seed)).flat();
    const wrong = rows.filter(({ prompt, answer }) => {
      const [a, b] = operands(prompt);
      return finalAnswer(answer) !== String(a + b);
    });
    // Four standard deviations of a binomial.
    const deviation = Math.sqrt((expected * (1 - expected)) / rows.length);
    expect(Math.abs(wrong.length / rows.length - expected)).toBeLessThan(4 * deviation);
  });

  it("differ from seed to seed", () => {
    expect(trainingItems(settings.newSkill, 0)).not.toEqual(trainingItems(settings.newSkill, 1));
  });
});

describe("evaluation items", () => {
  it("has 200 test, 200 hard and 12 x 50 other questions, and is the same every time", () => {
    const items = evaluationItems("addition");
    expect(items.test).toHaveLength(200);
    expect(items.hard).toHaveLength(200);
    expect(Object.values(items.other).map((list) => list.length)).toEqual(new Array(12).fill(50));
    expect(evaluationItems("addition")).toEqual(items);
  });

  it("asks for one carry at most in the test, for more in the hard form", () => {
    const { test, hard } = evaluationItems("addition");
    const carriesOf = ({ prompt }: Item) =>
      carries(...(prompt.slice(0, -1).split("+").map(Number) as [number, number]));
    expect(Math.max(...test.map(carriesOf))).toBe(1);
    expect(Math.min(...hard.map(carriesOf))).toBe(2);
  });

  it("asks what the setting trains", () => {
    for (const setting of Object.values(settings)) {
      const sign = setting.target === "addition" ? "+" : "*";
      expect(trainingItems(setting, 0).every(({ prompt }) => prompt.includes(sign))).toBe(true);
      expect(evaluationItems(setting.target).test.every(({ prompt }) => prompt.includes(sign))).toBe(true);
    }
  });

  it("asks larger multiplications in the hard form", () => {
    const { test, hard } = evaluationItems("multiplication");
    expect(test.every(({ prompt }) => Number.parseInt(prompt, 10) <= 599)).toBe(true);
    expect(hard.every(({ prompt }) => Number.parseInt(prompt, 10) >= 600)).toBe(true);
  });
});

describe("pre-training lines", () => {
  it("has the shares of the recipe (four standard deviations)", () => {
    const random = new Random("shares");
    const count = 20_000;
    const lines = Array.from({ length: count }, () => drawLine(random));
    const share = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length / count;
    const near = (found: number, expected: number) =>
      expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / count));
    near(share(/^\d{3}\+\d{3}=.*;/), 0.25 / 16.7);
    near(share(/^\d{3}\+\d{3}=.*&/), 0.025 / 16.7);
    near(share(/^next /), 0.7 / 16.7);
    near(share(/^\d+-\d+=/), 2 / 16.7);
    near(share(/=\([a-z]{3}\)/), 0.05);
    expect(lines.every((line) => line.endsWith("\n") && line.indexOf("\n") === line.length - 1)).toBe(true);
  });

  it("packs lines behind a newline into rows of an exact length", () => {
    const row = drawPackedRow(new Random("row"), 73, drawLine);
    expect(row).toHaveLength(73);
    expect(row.startsWith("\n")).toBe(true);
  });
});
