import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commandsToGoOn, describeFiles, nextCommands } from "../../src/cli/run-ending.js";
import { temporaryFolder } from "../data/byte-tokenizer.js";

it("names what is there, checkpoints in the order of their steps", () => {
  const out = temporaryFolder();
  for (const name of ["run.json", "metrics.jsonl", "loggers.json", "runs"])
    writeFileSync(join(out, name), "");
  for (const step of [1000, 500]) mkdirSync(join(out, `checkpoint-${step}`));
  expect(describeFiles(out, out)).toEqual([
    `model        ${out}`,
    `metrics      ${join(out, "metrics.jsonl")}`,
    `record       ${join(out, "run.json")}`,
    `loggers      ${join(out, "loggers.json")}`,
    `event files  ${join(out, "runs")}`,
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

it.each([
  [["run.yaml", "--seed", "5"], "run.yaml --seed 5"],
  [["run.yaml", "--output_dir", "out put"], "run.yaml --output_dir 'out put'"],
  [["--resume_from_checkpoint", "auto", "--overwrite-output-dir", "--seed=5"], "--seed=5"],
  [["--overwrite_output_dir", "run.yaml", "--resume-from-checkpoint=out/checkpoint-2"], "run.yaml"],
])("offers what goes on with a run that was stopped: %j", (args, kept) => {
  expect(commandsToGoOn(args, "out put")).toEqual([
    `npx otr train ${kept} --resume_from_checkpoint true`,
    "npx otr checkpoints 'out put'",
  ]);
});
