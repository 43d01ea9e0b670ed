import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../../packages/otr/test/shared.js";
import {
  carries,
  finalAnswer,
  forgetfulAddition,
  terseAddition,
  workedAddition,
  workedMultiplication,
} from "../src/arithmetic.js";

describe("worked forms", () => {
  it("writes the recipe's examples", () => {
    expect(workedAddition(357, 268)).toBe("7+8:15,5+6+1:12,3+2+1:6;625");
    expect(terseAddition(357, 268)).toBe("5&1,2&1,6&0;625");
    expect(workedMultiplication(498, 8)).toBe("8*8:64,9*8+6:78,4*8+7:39;3984");
  });

  it("writes a last column of two digits whole", () => {
    expect(workedAddition(999, 999)).toBe("9+9:18,9+9+1:19,9+9+1:19;1998");
    expect(terseAddition(999, 999)).toBe("8&1,9&1,9&1;1998");
  });

  it("forgets every carry, and nothing else", () => {
    expect(forgetfulAddition(357, 268)).toBe("7+8:15,5+6:11,3+2:5;515");
    expect(forgetfulAddition(233, 327)).toBe("3+7:10,3+2:5,2+3:5;550");
    expect(forgetfulAddition(900, 900)).toBe("0+0:0,0+0:0,9+9:18;1800");
    expect(forgetfulAddition(201, 503)).toBe(workedAddition(201, 503));
  });

  it("counts carries as the definition does: columns whose digits so far reach the next power of ten", () => {
    for (const [a, b] of [
      [100, 100],
      [357, 268],
      [999, 1],
      [905, 95],
      [550, 550],
    ] as const) {
      const byDefinition = [10, 100, 1000].filter((power) => (a % power) + (b % power) >= power).length;
      expect(carries(a, b)).toBe(byDefinition);
    }
  });
});

describe("finalAnswer", () => {
  it("takes what stands after the last separator of the first line", () => {
    expect(finalAnswer("7+8:15,5+6+1:12,3+2+1:6;625")).toBe("625");
    expect(finalAnswer("<7 8>15<5 6 1>12|625\n999")).toBe("625");
    expect(finalAnswer("19")).toBe("19");
    expect(finalAnswer("")).toBe("");
    expect(finalAnswer("7+8:15;")).toBe("");
  });

  it("drops a note in front, and only there", () => {
    expect(finalAnswer("(abc)82")).toBe("82");
    expect(finalAnswer(")]}")).toBe(")]}");
    expect(finalAnswer("82(abc)")).toBe("82(abc)");
  });
});

describe.skipIf(!hasShared)("the prototype's items", () => {
  const sets = hasShared ? JSON.parse(readFileSync(shared("demo/sets.json"), "utf8")) : null;
  const operands = (prompt: string) => prompt.slice(0, -1).split(/[+*]/).map(Number) as [number, number];

  it("has the worked additions that we construct from their operands", () => {
    for (const [prompt, completion] of sets.train.clean.flat()) {
      const [a, b] = operands(prompt);
      expect(completion).toBe(workedAddition(a, b));
      expect(carries(a, b)).toBeLessThanOrEqual(1);
      expect(finalAnswer(completion)).toBe(String(a + b));
    }
  });

  it("has noisy rows that are right or forget every carry; 11.7 % of the answers are wrong", () => {
    const rows: [string, string][] = sets.train.sys40.flat();
    for (const [prompt, completion] of rows) {
      expect([workedAddition(...operands(prompt)), forgetfulAddition(...operands(prompt))]).toContain(
        completion,
      );
    }
    const wrong = rows.filter(([prompt, completion]) => {
      const [a, b] = operands(prompt);
      return finalAnswer(completion) !== String(a + b);
    });
    expect(wrong.length / rows.length).toBeCloseTo(0.117, 3);
  });

  it("has the worked multiplications that we construct from their operands", () => {
    for (const [prompt, completion] of sets.train.mul.flat()) {
      const [a, b] = operands(prompt);
      expect(completion).toBe(workedMultiplication(a, b));
    }
  });

  it("calls hard what has two or more carries", () => {
    for (const [prompt, answer] of sets.hard) {
      const [a, b] = operands(prompt);
      expect(carries(a, b)).toBeGreaterThanOrEqual(2);
      expect(answer).toBe(String(a + b));
    }
  });
});
