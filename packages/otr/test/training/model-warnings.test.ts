/** @file What training, plan and inspection say of rows that ask more of a model than it can learn. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aten, noGrad, readSafetensors, scope, writeSafetensors } from "@one-token/torch";
import { renameSync } from "node:fs";
import { inspectOptionSet, inspectOptions } from "../../src/config/inspect-options.js";
import type { TrainInput } from "../../src/config/train-options.js";
import type { TrainEvent } from "../../src/training/events.js";
import { inspectRun } from "../../src/training/inspect-run.js";
import { planRun } from "../../src/training/plan-run.js";
import { train } from "../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "./run-workspace.js";

const END = 259;
const ADAPTER: Partial<TrainInput> = { usePeft: true, loraTargetModules: ["all-linear"], loraR: 2 };

let work: RunWorkspace;
beforeAll(async () => {
  work = await makeRunWorkspace();
});
afterAll(() => work.dispose());

/** Gives the end token the row of another token. */
function forgetEnd(): void {
  const path = work.path("base", "model.safetensors");
  noGrad(() =>
    scope(() => {
      using stored = readSafetensors(path);
      const tensors = new Map([...stored.tensors].map(([name, tensor]) => [name, tensor.clone()]));
      const embedding = tensors.get("model.embed_tokens.weight")!;
      aten.copy_(aten.select.int(embedding, 0, END), aten.select.int(embedding, 0, 7));
      writeSafetensors(`${path}.new`, tensors, { format: "pt" });
    }),
  );
  renameSync(`${path}.new`, path);
}

async function warningsOfTraining(input: TrainInput): Promise<readonly string[]> {
  const warnings: string[] = [];
  const onEvent = (event: TrainEvent) => {
    if (event.type === "start") warnings.push(...event.warnings);
  };
  await train({ ...input, maxSteps: 1 }, { onEvent });
  return warnings;
}

async function warningsOfInspection(input: TrainInput): Promise<readonly string[]> {
  const config = inspectOptionSet.complete(inspectOptions.parse(input));
  return (await inspectRun(config, async () => {})).warnings;
}

describe("an end token that the base model never learned", () => {
  const warned = expect.stringMatching(
    /^The base model seems never to have learned "<\|endoftext\|>".* nearly that of 1 other token\. .*--lora_modules_to_save embed_tokens,lm_head\.$/,
  );

  it("is told by training, plan and inspection beside a frozen head, and not where it is trained", async () => {
    expect(await warningsOfInspection(work.input(ADAPTER))).toEqual([]);
    forgetEnd();
    expect(await warningsOfInspection(work.input(ADAPTER))).toEqual([warned]);
    expect((await planRun(work.input(ADAPTER))).notes).toContainEqual(warned);
    expect(await warningsOfTraining(work.input(ADAPTER))).toEqual([warned]);
    const whole = { ...ADAPTER, loraModulesToSave: ["embed_tokens", "lm_head"] };
    expect(await warningsOfInspection(work.input(whole))).toEqual([]);
    expect(await warningsOfInspection(work.input())).toEqual([]);
  });
});

describe("rows longer than the model's positions", () => {
  it("are told by training, plan and inspection", async () => {
    const long = work.writeRows("long.jsonl", [{ prompt: "a", completion: "b".repeat(90) }]);
    const warned =
      "1 row is longer than the 64 positions that the model was made for; lower max_length to 64 unless that is meant.";
    const input = work.input({ dataset: long, outputDir: work.path("long") });
    expect(await warningsOfInspection(input)).toEqual([warned]);
    expect((await planRun(input)).notes).toContain(warned);
    expect(await warningsOfTraining(input)).toEqual([warned]);
  });
});
