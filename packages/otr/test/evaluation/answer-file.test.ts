import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AnswerFile } from "../../src/evaluation/answer-file.js";

it("finds answers to the same prompts, and leaves those to others", () => {
  const path = join(mkdtempSync(join(tmpdir(), "answers-")), "answers.jsonl");
  const answer = { outputs: [{ text: "a", truncated: true }], scores: [] };
  const first = new AnswerFile(
    path,
    new Map([
      [0, "x"],
      [1, "y"],
    ]),
  );
  expect(first.found.size).toBe(0);
  first.append(0, answer);
  first.append(1, answer);
  first.close();
  const second = new AnswerFile(
    path,
    new Map([
      [0, "x"],
      [1, "changed"],
    ]),
  );
  expect([...second.found]).toEqual([[0, answer]]);
  expect(second.holdsOthers).toBe(true);
  second.close();
  expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(2);
});

it("says that a folder cannot be written", () => {
  expect(() => new AnswerFile("/proc/none/answers.jsonl", new Map())).toThrowError(
    expect.objectContaining({ code: "EVALUATION_FOLDER" }),
  );
});
