/** @file A child process: receives one run's specification, carries it out, sends the result. */
import { rmSync } from "node:fs";
import { setNumThreads } from "@one-token/torch";
import type { ChildMessage } from "./child-run.js";
import { fineTune } from "./fine-tune.js";
import { measure } from "./measure.js";
import type { RunResult, RunSpecification } from "./run-specification.js";

/** About how much of a run's time is training. */
const TRAINING_SHARE = 0.5;

const send = (message: ChildMessage): void => {
  process.send!(message);
};

async function run(specification: RunSpecification): Promise<RunResult> {
  setNumThreads(1);
  const { baseModel, training } = specification;
  const trainingShare = training ? TRAINING_SHARE : 0;
  const progress = (share: number) => send({ type: "progress", share });
  const model = training
    ? await fineTune(specification, training, (share) => progress(share * trainingShare))
    : { folder: baseModel, seconds: 0 };

  const start = performance.now();
  const measurement = await measure(model.folder, specification, (share) =>
    progress(trainingShare + share * (1 - trainingShare)),
  );
  const evaluationSeconds = (performance.now() - start) / 1000;
  return { ...measurement, trainingSeconds: model.seconds, evaluationSeconds };
}

process.once("message", async (specification: RunSpecification) => {
  // A parent that was killed cannot clean up: its child does, and ends.
  process.once("disconnect", () => {
    rmSync(specification.temporaryFolder, { recursive: true, force: true });
    process.exit(1);
  });
  const result = await run(specification);
  process.removeAllListeners("disconnect");
  process.send!({ type: "result", result } satisfies ChildMessage, () => process.disconnect());
});
