import { afterAll, beforeAll, expect, it } from "vitest";
import { compareSettings, type RunSettings } from "../../../src/training/checkpoints/run-settings.js";
import { readTrainerState } from "../../../src/training/checkpoints/trainer-state.js";
import { train } from "../../../src/training/train.js";
import { countFaults } from "../../faults/count-faults.js";
import { makeRunWorkspace, type RunWorkspace } from "../run-workspace.js";

let work: RunWorkspace;
let kept: RunSettings;
beforeAll(async () => {
  work = await makeRunWorkspace();
  await train(work.input({ maxSteps: 2 }), { shouldStop: () => true });
  kept = readTrainerState(work.path("out/checkpoint-1"));
});
afterAll(() => work.dispose());

it("each setting that a checkpoint keeps is refused by its name where it has changed, and may be allowed", ({
  task,
}) => {
  for (const name of Object.keys(kept.settings)) {
    const now = { ...kept, settings: { ...kept.settings, [name]: "another" } };
    expect(() => compareSettings("c", kept, now, []), name).toThrow(
      new RegExp(`changed since:\\n  ${name}: .*\\nChange it back.* --resume_allow_changes ${name}$`),
    );
    expect(compareSettings("c", kept, now, [name]).changed).toEqual([name]);
    countFaults(task, 1);
  }
});

it("holds what is read, and what no option tells", () => {
  const inputs = [
    "base_model",
    "adapter",
    "adapter_config",
    "tokenizer",
    "chat_template",
    "dataset",
    "eval_dataset",
  ];
  const others = ["loss_type", "objective_terms", "compute_dtype"];
  expect(Object.keys(kept.settings)).toEqual(expect.arrayContaining([...inputs, ...others]));
  expect(kept.machine).toHaveProperty("one_token_rollout");
});
