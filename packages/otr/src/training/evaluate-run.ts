/** @file What is measured and kept between the steps of a run: losses of evaluation rows, samples, token traces. */
import { recordFunction } from "@one-token/torch";
import { evaluateLoss } from "./evaluate-loss.js";
import { type EvaluationSample, evaluationSamples } from "./evaluation-samples.js";
import type { Alert, EvaluationMetrics } from "./events.js";
import { inMoment } from "./memory-moment.js";
import { stepsOfInterval } from "./steps-of-interval.js";
import { type TokenTrace, traceTokens } from "./token-traces.js";
import type { TrainingLoop } from "./training-loop.js";

type Evaluated = Pick<TrainingLoop, "config" | "run" | "model" | "log" | "best" | "files" | "shouldStop">;

/** Whether losses, samples or traces are due after the steps that are done. */
export const isEvaluationDue = (loop: Evaluated): boolean => areLossesDue(loop) || areTracesDue(loop);

/** All that an evaluation comes to. It is written at once when it is there, so that one that is given up leaves nothing. */
interface Evaluation {
  /** Null: no rows were due. */
  readonly metrics: EvaluationMetrics | null;
  readonly traces: readonly TokenTrace[];
  readonly samples: readonly EvaluationSample[] | Alert;
}

/**
 * Does what is due after the steps that are done.
 *
 * @returns whether it was done; false: the run was asked to stop, and nothing was written
 */
export async function evaluateRun(loop: Evaluated): Promise<boolean> {
  const start = performance.now();
  const evaluation = await inMoment("evaluation", () => evaluate(loop));
  if (evaluation !== null) write(loop, evaluation);
  loop.log.excludeTime((performance.now() - start) / 1000);
  return evaluation !== null;
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

/** Null where the run is to stop. */
async function evaluate(loop: Evaluated): Promise<Evaluation | null> {
  let isStopping = false;
  const shouldStop = () => {
    isStopping ||= loop.shouldStop();
    return isStopping;
  };
  const areDue = areLossesDue(loop);
  const metrics = areDue ? await evaluateSets({ ...loop, shouldStop }) : null;
  if (isStopping) return null;
  const traces = areTracesDue(loop) ? await makeTraces(loop) : [];
  const samples = areDue ? await makeSamples({ ...loop, shouldStop }) : [];
  return isStopping ? null : { metrics, traces, samples };
}

function write({ log, best, files }: Evaluated, { metrics, traces, samples }: Evaluation): void {
  const step = log.steps;
  if (metrics !== null) {
    log.addEvaluation(metrics);
    best.add(metrics, step);
  }
  for (const trace of traces) files.append("tokens.jsonl", { step, ...trace });
  if ("alert" in samples) log.addAlert(step, samples);
  else for (const sample of samples) files.append("samples.jsonl", { step, ...sample });
}

/** Null where there are no rows, or the run is to stop. */
async function evaluateSets(loop: Evaluated): Promise<EvaluationMetrics | null> {
  const { config, run, model, shouldStop } = loop;
  const metrics: EvaluationMetrics = {};
  for (const { name, dataset } of run.evalSets) {
    const ofSet = await recordFunction("evaluation", () =>
      evaluateLoss(model, dataset.rows, config.perDeviceEvalBatchSize, drawStep(loop), shouldStop),
    );
    if (ofSet === null) return null;
    Object.assign(metrics, name === null ? ofSet : named(ofSet, name));
  }
  return run.evalSets.length === 0 ? null : metrics;
}

/** `eval_loss` of the set `math` is `eval_math_loss`, as in Transformers. */
function named(metrics: EvaluationMetrics, name: string): EvaluationMetrics {
  const entries = Object.entries(metrics).map(([key, value]) => [`eval_${name}_${key.slice(5)}`, value]);
  return Object.fromEntries(entries);
}

async function makeTraces(loop: Evaluated): Promise<TokenTrace[]> {
  const { config, run, model } = loop;
  const [set] = run.evalSets;
  const { rows } = (set ?? run).dataset;
  const count = Math.min(config.tokenTraceRows, rows.length);
  const probes = {
    set: set === undefined ? "train" : (set.name ?? "eval"),
    rows: await rows.read(Array.from({ length: count }, (_, row) => row)),
  };
  return traceTokens(model, probes, drawStep(loop), run.evalPrompts.tokenizer);
}

async function makeSamples({
  config,
  run,
  model,
  log,
  shouldStop,
}: Evaluated): Promise<Evaluation["samples"]> {
  if (run.evalPrompts.prompts.length === 0) return [];
  try {
    return await evaluationSamples(model.model, run.evalPrompts, config.evalMaxNewTokens, shouldStop);
  } catch (error) {
    // They are for people to look at: a run of days does not end for them.
    const reason = error instanceof Error ? error.message : String(error);
    const message = `the prompts of eval_prompts could not be continued after step ${log.steps}: ${reason}`;
    return { alert: "samples_failed", message, row_ids: [] };
  }
}
