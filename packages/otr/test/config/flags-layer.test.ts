import { describe, expect, it } from "vitest";
import { describeOptions } from "../../src/config/describe-options.js";
import { readFlags } from "../../src/config/flags-layer.js";
import { generateOptions } from "../../src/config/generate-options.js";
import { trainOptions } from "../../src/config/train-options.js";

const read = (...args: string[]) => readFlags(args, describeOptions(trainOptions), ["help", "json"]);
const values = (...args: string[]) =>
  Object.fromEntries([...read(...args).entries].map(([key, { value }]) => [key, value]));

describe("readFlags", () => {
  it("refuses a field of an object that is given twice, as options are", () => {
    const message = (field: string) =>
      `names ${field} more than once, and only one value can hold. Keep one.`;
    expect(
      read("--dataset", "path=a,path=b", "--dataset_columns=prompt=q,completion=a,prompt=b").problems,
    ).toEqual([
      { where: "--dataset", message: message("path") },
      { where: "--dataset_columns", message: message("prompt") },
    ]);
    // A path may look like that.
    expect(read("--dataset", "a=1,a=2.jsonl").problems).toEqual([]);
  });

  it("reads both spellings and both forms", () => {
    expect(values("--learning_rate", "1e-3", "--max-steps=5")).toEqual({ learningRate: 1e-3, maxSteps: 5 });
    expect(values("--learning-rate=.5", "--max_steps", "5")).toEqual({ learningRate: 0.5, maxSteps: 5 });
  });

  it("reads negative numbers as values", () => {
    expect(values("--otr_beta", "-0.1", "--max_steps", "-1")).toEqual({ otrBeta: -0.1, maxSteps: -1 });
  });

  it("says how an option with one hyphen, or one that is denied, is written", () => {
    const { problems, positionals } = read("-lr", "1", "-dataset", "a", "-seed=3", "--no-bf16", "--no_seed");
    expect(positionals).toEqual([]);
    expect(problems).toEqual([
      { where: "-lr", message: "there is no such option. Did you mean --learning_rate?" },
      { where: "-dataset", message: "options begin with two hyphens: --dataset." },
      { where: "-seed=3", message: "options begin with two hyphens: --seed." },
      { where: "--no-bf16", message: "there is no such option. To turn it off: --bf16 false." },
      { where: "--no_seed", message: expect.stringMatching(/no such option/) },
    ]);
  });

  it("knows which arguments stand behind the value of a list option", () => {
    const { behindLists } = read("run.yaml", "--lora_target_modules", "a", "b", "c", "--seed", "1", "d");
    expect([...behindLists]).toEqual([
      ["b", "--lora_target_modules"],
      ["c", "--lora_target_modules"],
    ]);
  });

  it("takes commas between items that cannot hold any", () => {
    expect(values("--resume_allow_changes", "dataset, max_steps", "--resume_allow_changes=seed")).toEqual({
      resumeAllowChanges: ["dataset", "max_steps", "seed"],
    });
    expect(values("--eval_prompts", "Once, upon")).toEqual({ evalPrompts: ["Once, upon"] });
  });

  it("reads yes-or-no options bare and with a value", () => {
    expect(values("--bf16", "--shuffle_dataset", "False")).toEqual({ bf16: true, shuffleDataset: false });
    expect(values("--bf16", "True")).toEqual({ bf16: true });
    expect(values("--bf16", "auto")).toEqual({ bf16: "auto" });
    expect(values("--completion_only_loss", "null")).toEqual({ completionOnlyLoss: null });
  });

  it("leaves a configuration file after a bare option alone", () => {
    const flags = read("--bf16", "run.yaml");
    expect(flags.positionals).toEqual(["run.yaml"]);
    expect(flags.entries.get("bf16")?.value).toBe(true);
  });

  it("keeps texts as texts where the option takes text", () => {
    expect(values("--output_dir", "2026", "--dataset", "true")).toEqual({
      outputDir: "2026",
      dataset: "true",
    });
  });

  it("does not take a number for one that is none", () => {
    expect(values("--learning_rate", "1e-3x", "--max_steps", "0x10")).toEqual({
      learningRate: "1e-3x",
      maxSteps: "0x10",
    });
  });

  it("reads JSON for object options, in both spellings of the fields", () => {
    const kwargs = { lrSchedulerKwargs: { minLrRate: 0.1 } };
    expect(values("--lr_scheduler_kwargs", '{"min_lr_rate": 0.1}')).toEqual(kwargs);
    expect(values("--lr_scheduler_kwargs", '{"minLrRate": 0.1}')).toEqual(kwargs);
    expect(values("--lr_scheduler_kwargs", "{broken")).toEqual({ lrSchedulerKwargs: "{broken" });
  });

  it("reads lists of numbers with commas between them", () => {
    expect(values("--reward_weights", "1,-0.5", "--reward-weights=2")).toEqual({
      rewardWeights: [1, -0.5, 2],
    });
    expect(values("--reward_weights", "one")).toEqual({ rewardWeights: ["one"] });
  });

  it("gathers repeated list options and refuses other repetitions", () => {
    const flags = readFlags(["--prompt", "a", "--prompt", "b=c"], describeOptions(generateOptions), []);
    expect(flags.entries.get("prompt")?.value).toEqual(["a", "b=c"]);
    expect(read("--seed", "1", "--seed", "2", "--seed=3").problems).toEqual([
      { where: "--seed", message: expect.stringContaining("more than once") },
    ]);
  });

  it("says what to write for unknown options and takes their value with them", () => {
    const flags = read("--learing-rate", "1", "--lr", "2", "--logging_dir", "x", "--zzz", "x");
    expect(flags.positionals).toEqual([]);
    expect(flags.problems.map(({ where, message }) => `${where} ${message}`)).toEqual([
      expect.stringMatching(/^--learing-rate .*Did you mean --learning_rate\?/),
      expect.stringMatching(/^--lr .*Did you mean --learning_rate\?/),
      expect.stringMatching(/^--logging_dir this version does not have a folder/),
      expect.stringMatching(/^--zzz there is no such option/),
    ]);
  });

  it("passes a flag without its value on as empty", () => {
    expect(values("--dataset", "--seed")).toEqual({ dataset: "", seed: "" });
  });

  it("tells switches from options", () => {
    expect(read("-h", "--json").switches).toEqual(new Set(["help", "json"]));
    expect(read("--json=1").problems).toHaveLength(1);
  });

  it("survives odd names", () => {
    for (const name of ["--", "--=", "--__proto__", "--constructor=1", "--toString", "---", "--ümlaut"]) {
      expect(read(name).problems).toHaveLength(1);
    }
  });
});
