import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeFiles, nextCommands } from "../../src/cli/run-ending.js";
import { temporaryFolder } from "../data/byte-tokenizer.js";

it("names what is there, checkpoints in the order of their steps", () => {
  const out = temporaryFolder();
  for (const name of ["run.json", "metrics.jsonl"]) writeFileSync(join(out, name), "");
  for (const step of [1000, 500]) mkdirSync(join(out, `checkpoint-${step}`));
  expect(describeFiles(out, out)).toEqual([
    `model        ${out}`,
    `metrics      ${join(out, "metrics.jsonl")}`,
    `record       ${join(out, "run.json")}`,
    `checkpoints  ${join(out, "checkpoint-{500,1000}")}`,
  ]);
});

it("offers commands for a model, and others for an adapter", () => {
  const out = temporaryFolder();
  expect(nextCommands(out, false).map((command) => command.split(" ")[2])).toEqual([
    "generate",
    "push",
    "train",
  ]);
  const beside = (base: string) =>
    writeFileSync(join(out, "adapter_config.json"), JSON.stringify({ base_model_name_or_path: base }));
  // Nobody could use it on the Hub.
  beside("/models/base");
  expect(nextCommands(out, false).map((command) => command.split(" ")[2])).toEqual(["generate", "merge"]);
  beside("org/base");
  expect(nextCommands(out, false).map((command) => command.split(" ")[2])).toEqual([
    "generate",
    "merge",
    "push",
  ]);
  expect(describeFiles(out, out)[0]).toBe(`adapter      ${out}`);
  expect(nextCommands(out, true)[0]).toContain("--apply_chat_template true --prompt");
});
