/** @file What is measured and kept between the steps of a run: losses of evaluation rows, samples, token traces. */
import { recordFunction } from "@one-token/torch";
import { evaluateLoss } from "./evaluate-loss.js";
import { evaluationSamples } from "./evaluation-samples.js";
import type { EvaluationMetrics } from "./events.js";
import { stepsOfInterval } from "./steps-of-interval.js";
import { traceTokens } from "./token-traces.js";
import type { TrainingLoop } from "./training-loop.js";

type Evaluated = Pick<TrainingLoop, "config" | "run" | "model" | "log" | "best" | "files" | "shouldStop">;

/** Whether losses, samples or traces are due after the steps that are done. */
export const isEvaluationDue = (loop: Evaluated): boolean => areLossesDue(loop) || areTracesDue(loop);

/**
 * Does what is due after the steps that are done.
 *
 * @returns whether it was done; false: the run was asked to stop before the losses were known
 */
export async function evaluateRun(loop: Evaluated): Promise<boolean> {
  const start = performance.now();
  const areDone = !areLossesDue(loop) || (await evaluateSets(loop));
  if (areDone && areTracesDue(loop)) await writeTraces(loop);
  if (areDone && areLossesDue(loop)) await writeSamples(loop);
  loop.log.excludeTime((performance.now() - start) / 1000);
  return areDone;
}

function areLossesDue({ config, run: { plan }, log: { steps } }: Evaluated): boolean {
  const { evalStrategy, evalSteps, evalOnStart } = config;
  if (evalStrategy === "no") return false;
  if (steps === 0) return evalOnStart;
  const every = evalStrategy === "epoch" ? plan.stepsPerEpoch : stepsOfInterval(evalSteps!, plan.totalSteps);
  return steps % every === 0 || steps === plan.totalSteps;
}

function areTracesDue(loop: Evaluated): boolean {
  const { config, run, log } = loop;
  const { tokenTraceRows, tokenTraceSteps } = config;
  if (tokenTraceRows === 0) return false;
  if (tokenTraceSteps === null) return areLossesDue(loop);
  return log.steps % stepsOfInterval(tokenTraceSteps, run.plan.totalSteps) === 0;
}

/** Draws are keyed by the last step, whose number is one less than the steps that are done. */
const drawStep = ({ log: { steps } }: Evaluated): number => Math.max(0, steps - 1);

/** @returns whether it was made to the end */
async function evaluateSets(loop: Evaluated): Promise<boolean> {
  const { config, run, model, log, best, shouldStop } = loop;
  if (run.evalSets.length === 0) return true;
  const metrics: EvaluationMetrics = {};
  for (const { name, dataset } of run.evalSets) {
    const ofSet = await recordFunction("evaluation", () =>
      evaluateLoss(model, dataset.rows, config.perDeviceEvalBatchSize, drawStep(loop), shouldStop),
    );
    if (ofSet === null) return false;
    Object.assign(metrics, name === null ? ofSet : named(ofSet, name));
  }
  log.addEvaluation(metrics);
  best.add(metrics, log.steps);
  return true;
}

/** `eval_loss` of the set `math` is `eval_math_loss`, as in Transformers. */
function named(metrics: EvaluationMetrics, name: string): EvaluationMetrics {
  const entries = Object.entries(metrics).map(([key, value]) => [`eval_${name}_${key.slice(5)}`, value]);
  return Object.fromEntries(entries);
}

async function writeTraces(loop: Evaluated): Promise<void> {
  const { config, run, model, log, files } = loop;
  const [set] = run.evalSets;
  const { rows } = (set ?? run).dataset;
  const count = Math.min(config.tokenTraceRows, rows.length);
  const probes = {
    set: set === undefined ? "train" : (set.name ?? "eval"),
    rows: await rows.read(Array.from({ length: count }, (_, row) => row)),
  };
  const { tokenizer } = run.evalPrompts;
  for (const trace of await traceTokens(model, probes, drawStep(loop), tokenizer)) {
    files.append("tokens.jsonl", { step: log.steps, ...trace });
  }
}

async function writeSamples({ config, run, model, log, files, shouldStop }: Evaluated): Promise<void> {
  if (run.evalPrompts.prompts.length === 0) return;
  try {
    const { evalMaxNewTokens } = config;
    const samples = await evaluationSamples(model.model, run.evalPrompts, evalMaxNewTokens, shouldStop);
    for (const sample of samples) files.append("samples.jsonl", { step: log.steps, ...sample });
  } catch (error) {
    // They are for people to look at: a run of days does not end for them.
    const reason = error instanceof Error ? error.message : String(error);
    const message = `the prompts of eval_prompts could not be continued after step ${log.steps}: ${reason}`;
    log.addAlert(log.steps, { alert: "samples_failed", message, row_ids: [] });
  }
}
