/** @file What is measured and kept between the steps of a run: losses of evaluation rows, samples, token traces. */
import { recordFunction } from "@one-token/torch";
import { evaluateLoss } from "./evaluate-loss.js";
import { type EvaluationSample, evaluationSamples } from "./evaluation-samples.js";
import type { Alert, EvaluationMetrics } from "./events.js";
import { inMoment } from "./memory-moment.js";
import { type TokenTrace, traceTokens } from "./token-traces.js";
import type { TrainingLoop } from "./training-loop.js";

type Evaluated = Pick<
  TrainingLoop,
  "config" | "run" | "model" | "log" | "best" | "evaluations" | "files" | "shouldStop"
>;

/** All that an evaluation comes to. It is written at once when it is there, so that one that is given up leaves nothing. */
interface Evaluation {
  /** Null: no rows were due. */
  readonly metrics: EvaluationMetrics | null;
  readonly traces: readonly TokenTrace[] | Alert;
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

/** Draws are keyed by the last step, whose number is one less than the steps that are done. */
const drawStep = ({ log: { steps } }: Evaluated): number => Math.max(0, steps - 1);

/** Null where the run is to stop. */
async function evaluate(loop: Evaluated): Promise<Evaluation | null> {
  let isStopping = false;
  const shouldStop = () => {
    isStopping ||= loop.shouldStop();
    return isStopping;
  };
  const { areLossesDue, areTracesDue } = loop.evaluations;
  const metrics = areLossesDue ? await evaluateSets({ ...loop, shouldStop }) : null;
  if (isStopping) return null;
  const traces = areTracesDue ? await makeTraces(loop) : [];
  const samples = areLossesDue ? await makeSamples({ ...loop, shouldStop }) : [];
  return isStopping ? null : { metrics, traces, samples };
}

function write({ log, best, evaluations, files }: Evaluated, { metrics, traces, samples }: Evaluation): void {
  const step = log.steps;
  if (metrics !== null) log.addEvaluation(metrics);
  if ("alert" in traces) log.addAlert(step, traces);
  else for (const trace of traces) files.append("tokens.jsonl", { step, ...trace });
  if ("alert" in samples) log.addAlert(step, samples);
  else for (const sample of samples) files.append("samples.jsonl", { step, ...sample });
  // Last: an evaluation whose lines could not be written is made again, and must not count twice.
  if (metrics !== null) best.add(metrics, step);
  evaluations.markMade();
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

async function makeTraces(loop: Evaluated): Promise<Evaluation["traces"]> {
  const { config, run, model, log } = loop;
  const [set] = run.evalSets;
  const { rows } = (set ?? run).dataset;
  const count = Math.min(config.tokenTraceRows, rows.length);
  try {
    const probes = {
      set: set === undefined ? "train" : (set.name ?? "eval"),
      rows: await rows.read(Array.from({ length: count }, (_, row) => row)),
    };
    return await traceTokens(model, probes, drawStep(loop), run.evalPrompts.tokenizer);
  } catch (error) {
    return failure("traces_failed", `no tokens could be traced after step ${log.steps}`, error);
  }
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
    const what = `the prompts of eval_prompts could not be continued after step ${log.steps}`;
    return failure("samples_failed", what, error);
  }
}

/** Samples and traces are for people to look at: a run of days does not end for them. */
function failure(alert: "samples_failed" | "traces_failed", what: string, error: unknown): Alert {
  return { alert, message: `${what}: ${error instanceof Error ? error.message : error}`, row_ids: [] };
}
