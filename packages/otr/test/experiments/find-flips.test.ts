import { expect, it } from "vitest";
import { findFlips } from "../../src/experiments/find-flips.js";
import { sample, samples } from "./sample-answers.js";

it("finds the items that only one has right, of every seed", () => {
  const flips = findFlips(samples([1, 0, 1], [1, 1, 0]), samples([1, 1, 0], [1, 1, 1]));
  expect(flips).toMatchObject({ only_first: 1, only_second: 2 });
  expect(flips.examples.map(({ doc_id, seed }) => [doc_id, seed])).toEqual([
    [2, 0],
    [1, 0],
    [2, 1],
  ]);
  expect(flips.examples[0]).toMatchObject({ first: { answer: "right" }, second: { answer: "wrong" } });
});

it("shows the end of a long prompt, where the question is, and of long answers both ends", () => {
  const prompt = `${"Q: 1+1\nA: 2\n\n".repeat(1000)}Q: 2+2\nA:`;
  const response = `first${" and so on".repeat(1000)} last`;
  const one = new Map([[0, [sample(0, 1, { prompt, response })]]]);
  const [flip] = findFlips(one, samples([0])).examples;
  expect(flip!.prompt).toMatch(/^… .*Q: 2\+2\nA:$/s);
  expect(flip!.prompt.length).toBeLessThan(700);
  expect(flip!.first.response).toMatch(/^first .* … .* last$/s);
  expect(flip!.first.response.length).toBeLessThan(1300);
});
