import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "@one-token/demo/random";
import { expect, it } from "vitest";
import { story } from "../src/stories.js";
import { repository } from "../src/studies.js";
import { studyFiles } from "../src/study-files.js";
import { bracketed, terse, trainingSets, wrongShare } from "../src/training-rows.js";

const files = studyFiles();
const prompts = (path: string) =>
  files
    .get(path)!
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { prompt: string }).prompt.trim());
const paths = (folder: string) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`));

it("makes the files that the repository keeps", () => {
  for (const [path, text] of files) {
    expect(readFileSync(join(repository, "studies/data", path), "utf8"), path).toBe(text);
  }
});

it("asks the demonstration's questions where it has the demonstration's rows", () => {
  for (const [own, other] of [
    ["clean", "clean"],
    ["forgotten_40", "noisy"],
    ["new_skill", "new_skill"],
  ]) {
    const text = readFileSync(join(repository, `studies/demonstration/${other}.jsonl`), "utf8");
    expect(files.get(`rows/${own}.jsonl`)).toBe(text);
  }
});

it("measures by items that no row and no other set has", () => {
  const rows = new Set(paths("rows").flatMap(prompts));
  const items = paths("items").flatMap(prompts);
  expect(new Set(items).size).toBe(items.length);
  expect(items.filter((item) => rows.has(item))).toEqual([]);
});

it("makes as many errors as the sets' names say", () => {
  const sets = trainingSets();
  for (const name of ["clean", "direct", "rare_format", "new_format"])
    expect(wrongShare(sets[name]!)).toBe(0);
  // Thirty of a hundred, within four standard deviations; an error in a column always changes the sum, but for those cut at 0.
  expect(wrongShare(sets.mistaken_30!)).toBeGreaterThan(0.19);
  expect(wrongShare(sets.mistaken_30!)).toBeLessThan(0.41);
  const [few, some, many] = [20, 40, 60].map((share) => wrongShare(sets[`forgotten_${share}`]!)) as [
    number,
    number,
    number,
  ];
  expect(0 < few && few < some && some < many && many < 0.3).toBe(true);
});

it("writes the work of an addition in the forms that it names", () => {
  const [inTerse, inBrackets] = [terse(new Random("a")), bracketed(new Random("a"))];
  expect(inTerse.answer).toMatch(/^\d&[01],\d&[01],\d&[01];\d+$/);
  expect(inBrackets.answer).toMatch(/^(<\d \d( 1)?>\d+){3}\|\d+$/);
  for (const { prompt, answer } of [inTerse, inBrackets]) {
    const [a, b] = prompt.slice(0, -1).split("+").map(Number);
    expect(Number(answer.split(/[;|]/)[1])).toBe(a! + b!);
  }
});

it("tells stories whose answer stands in them, short enough for a row of the pre-training", () => {
  const random = new Random("stories");
  for (let count = 0; count < 1000; count++) {
    const { prompt, answer } = story(random);
    const thing = / the (\w+) is=$/.exec(prompt)![1];
    expect(prompt).toContain(` ${answer} ${thing}.`);
    expect(prompt.length + answer.length).toBeLessThanOrEqual(70);
  }
});
