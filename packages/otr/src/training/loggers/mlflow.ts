/** @file Reports to an MLflow tracking server over its REST interface, version 2.0. */
import type { RunStatus } from "../run-files.js";
import { MlflowError, mlflowServer } from "./mlflow-server.js";
import type { LoggedRun, Logger, LoggerState } from "./logger.js";
import { scalars, timeOf } from "./scalars.js";

/** Limits of one `log-batch` request. */
const MOST_METRICS = 1000;
const MOST_PARAMETERS = 100;
/** Every server takes a parameter of this length. */
const LONGEST_PARAMETER = 500;

const RUN_TAG = "one_token_rollout.run_id";

const STATUS: Readonly<Record<RunStatus, string>> = {
  running: "RUNNING",
  completed: "FINISHED",
  interrupted: "KILLED",
  failed: "FAILED",
};

/**
 * Makes a run on the server of `MLFLOW_TRACKING_URI`, or finds the one that was made: in `state`, by `MLFLOW_RUN_ID`, or
 * by its tag where the server made one whose answer was lost. The server drops values that it has already.
 */
export async function openMlflow(run: LoggedRun, state: LoggerState, from: number | null): Promise<Logger> {
  const server = mlflowServer();
  state.experiment_id ??= await experimentId(server.call);
  state.run_id ??=
    process.env.MLFLOW_RUN_ID ||
    (await findRun(server.call, run, state.experiment_id)) ||
    (await createRun(server.call, run, state.experiment_id));
  const runId = state.run_id;
  const update = (status: RunStatus) =>
    server.call("POST", "runs/update", {
      run_id: runId,
      status: STATUS[status],
      ...(status !== "running" && { end_time: Date.now() }),
    });
  if (from === null) await logParameters(server.call, run, runId);
  else await update("running");
  return {
    place: `${server.url}/#/experiments/${state.experiment_id}/runs/${runId}`,
    async log(lines) {
      const metrics = lines.flatMap(({ values }) =>
        scalars(values).map(([key, value]) => ({
          key: key.replace(/[^\w\-. :/]/g, "_"),
          value,
          timestamp: Math.round(1000 * timeOf(values)),
          step: values.step,
        })),
      );
      for (const part of parts(metrics, MOST_METRICS)) {
        await server.call("POST", "runs/log-batch", { run_id: runId, metrics: part });
      }
    },
    async finish(status) {
      await update(status);
    },
    close: () => server.close(),
  };
}

type Call = ReturnType<typeof mlflowServer>["call"];

async function experimentId(call: Call): Promise<string> {
  const { MLFLOW_EXPERIMENT_ID: id, MLFLOW_EXPERIMENT_NAME: name } = process.env;
  if (id) return id;
  // The experiment "Default", which every server has.
  if (!name) return "0";
  const found = await call("GET", `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`);
  if (found.experiment?.experiment_id) return found.experiment.experiment_id;
  const made = await call("POST", "experiments/create", { name });
  return requireId(made.experiment_id, "experiments/create");
}

async function findRun(call: Call, run: LoggedRun, experiment: string): Promise<string | null> {
  const found = await call("POST", "runs/search", {
    experiment_ids: [experiment],
    filter: `tags.\`${RUN_TAG}\` = '${run.id}'`,
    max_results: 1,
  });
  return found.runs?.[0]?.info?.run_id ?? null;
}

async function createRun(call: Call, run: LoggedRun, experiment: string): Promise<string> {
  const made = await call("POST", "runs/create", {
    experiment_id: experiment,
    run_name: run.name,
    start_time: Date.now(),
    tags: [
      { key: "mlflow.runName", value: run.name },
      { key: RUN_TAG, value: run.id },
    ],
  });
  return requireId(made.run?.info?.run_id, "runs/create");
}

function requireId(id: string | undefined, path: string): string {
  if (id === undefined)
    throw new Error(`the answer to ${path} has no id; is MLFLOW_TRACKING_URI an MLflow server?`);
  return id;
}

async function logParameters(call: Call, { record }: LoggedRun, runId: string): Promise<void> {
  const all = Object.entries(record.config).map(([key, value]) => ({
    key,
    value: typeof value === "string" ? value : JSON.stringify(value),
  }));
  const short = all.filter(({ value }) => value.length <= LONGEST_PARAMETER);
  for (const params of parts(short, MOST_PARAMETERS)) {
    await call("POST", "runs/log-batch", { run_id: runId, params }).catch((error: unknown) => {
      // A run that goes on elsewhere is there already, and parameters never change.
      if (!(error instanceof MlflowError && error.errorCode === "INVALID_PARAMETER_VALUE")) throw error;
    });
  }
}

function parts<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
