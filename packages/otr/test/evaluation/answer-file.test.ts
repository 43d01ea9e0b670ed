import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, statSync } from "node:fs";
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

it("goes on behind the last whole line, and never writes again what is there", () => {
  const path = join(mkdtempSync(join(tmpdir(), "answers-")), "answers.jsonl");
  const prompts = new Map([
    [0, "x"],
    [1, "y"],
    [2, "z"],
  ]);
  const answer = (text: string) => ({ outputs: [{ text, truncated: false }], scores: [] });
  const first = new AnswerFile(path, prompts);
  first.append(0, answer("é".repeat(1000)));
  first.append(1, answer("b"));
  first.close();
  const whole = readFileSync(path, "utf8");
  const { ino, birthtimeMs } = statSync(path);
  // A line that was being written, whole but for its end.
  appendFileSync(path, whole.split("\n")[1]!.replace('"doc_id":1', '"doc_id":2'));

  const second = new AnswerFile(path, prompts);
  expect([...second.found.keys()]).toEqual([0, 1]);
  // Stopped before it writes anything: nothing is lost, in the same file.
  expect(readFileSync(path, "utf8")).toBe(whole);
  expect(statSync(path)).toMatchObject({ ino, birthtimeMs });
  second.append(2, answer("c"));
  second.close();
  expect(readFileSync(path, "utf8").startsWith(whole)).toBe(true);
  const third = new AnswerFile(path, prompts);
  expect([...third.found.values()].map(({ outputs }) => outputs[0]!.text)).toEqual([
    "é".repeat(1000),
    "b",
    "c",
  ]);
  third.close();
});

it("loses no answer when the disk takes no more", () => {
  const path = join(mkdtempSync(join(tmpdir(), "answers-")), "answers.jsonl");
  const prompts = new Map(Array.from({ length: 1001 }, (_, id) => [id, `prompt ${id}`] as const));
  const answer = { outputs: [{ text: "an answer".repeat(10), truncated: false }], scores: [] };
  const first = new AnswerFile(path, prompts);
  for (let id = 0; id < 100; id++) first.append(id, answer);
  first.close();
  const program = `
    import { AnswerFile } from ${JSON.stringify(new URL("../../dist/evaluation/answer-file.js", import.meta.url).href)};
    const file = new AnswerFile(${JSON.stringify(path)}, new Map(${JSON.stringify([...prompts])}));
    for (let id = 100; id < 1000; id++) file.append(id, ${JSON.stringify(answer)});`;
  // Files of this process cannot grow beyond 16 KiB.
  const shell = `trap "" XFSZ; ulimit -f 16; exec ${process.execPath} --input-type=module -e '${program}'`;
  const { status, stderr } = spawnSync("bash", ["-c", shell], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain("EFBIG");
  const second = new AnswerFile(path, prompts);
  expect(second.found.size).toBeGreaterThanOrEqual(100);
  second.close();
});

it("says that a folder cannot be written", () => {
  expect(() => new AnswerFile("/proc/none/answers.jsonl", new Map())).toThrowError(
    expect.objectContaining({ code: "EVALUATION_FOLDER" }),
  );
});
