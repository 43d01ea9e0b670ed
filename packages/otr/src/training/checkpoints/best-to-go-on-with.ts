import { dirname, resolve } from "node:path";
import type { TrainConfig } from "../../config/train-options.js";
import type { BestState } from "../best-evaluation.js";
import { listCheckpoints } from "./find-checkpoints.js";
import type { ResumePoint } from "./resume-point.js";

/**
 * The best evaluation of a run that goes on. Where the best one is to be the finished model, its checkpoint must be in
 * `output_dir`, or be the one that the run goes on from: what lies elsewhere may change or go, and is never taken.
 *
 * @returns with a note for the person where evaluations are compared anew
 */
export function bestToGoOnWith(
  { outputDir, loadBestModelAtEnd }: Pick<TrainConfig, "outputDir" | "loadBestModelAtEnd">,
  { folder, state }: Pick<ResumePoint, "folder" | "state">,
): { readonly state: BestState; readonly notes: readonly string[] } {
  const { best, run_id: runId } = state;
  const isHere = () =>
    resolve(dirname(folder)) === resolve(outputDir) &&
    listCheckpoints(outputDir).some(
      ({ step, manifest }) => step === best?.step && manifest?.run_id === runId,
    );
  if (!loadBestModelAtEnd || best === null || best.step === state.step || isHere())
    return { state, notes: [] };
  const note =
    `The best evaluation so far was after step ${best.step}, but ${outputDir} does not hold its checkpoint: evaluations are ` +
    "compared anew from here on.";
  return { state: { best: null, evaluations_without_improvement: 0 }, notes: [note] };
}
