import { afterEach, beforeEach, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import type { Objective } from "../../src/objectives/objective.js";
import { createObjective } from "../../src/objectives/registry.js";
import { train } from "../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "./run-workspace.js";

let work: RunWorkspace;
beforeEach(async () => {
  work = await makeRunWorkspace();
});
afterEach(() => work.dispose());

/** The message of a run whose memory ends at the first tokens that are looked at after so many steps. */
async function messageAfter(steps: number, changes: Partial<TrainInput>): Promise<string> {
  let done = 0;
  const { terms, ...nll } = createObjective({ lossType: "nll" });
  const objective: Objective = {
    ...nll,
    evaluate(context) {
      if (done === steps) throw new Error("DefaultCPUAllocator: can't allocate memory");
      return nll.evaluate(context);
    },
  };
  const onEvent = (event: { type: string; step?: number }) => {
    if (event.type === "step") done = event.step!;
  };
  const training = train(work.input({ maxSteps: 4, ...changes }), { objective, onEvent });
  const error: unknown = await training.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "OUT_OF_MEMORY" });
  return (error as Error).message;
}

const evaluating = (): Partial<TrainInput> => ({
  evalDataset: work.path("rows.jsonl"),
  evalStrategy: "steps",
  evalSteps: 2,
  perDeviceEvalBatchSize: 12,
});

it("names the step, and what lowers that one's memory", async () => {
  const message = await messageAfter(1, evaluating());
  expect(message).toMatch(/^step 2 could not get the memory it needs \(Default.*can't allocate memory\)\. /);
  expect(message).toMatch(/at its peak, in (the head|the backward pass): .* of gradients and activations\. /);
  expect(message).toMatch(/--per_device_train_batch_size 1 \(-[\d.]+ [KM]iB\)/);
  expect(message).not.toContain("eval");
});

it("names an evaluation, and how much a smaller batch of it saves", async () => {
  const message = await messageAfter(2, evaluating());
  expect(message).toMatch(/^the evaluation after step 2 could not get the memory it needs /);
  expect(message).toMatch(/at its peak, in evaluation: .* of hidden states and logits\. /);
  expect(message).toMatch(/Less is needed with --per_device_eval_batch_size 1 \(-[\d.]+ [KM]iB\), /);
  expect(message).not.toContain("train_batch_size");
});
