/** @file The loggers that `report_to` names, and what each needs of the machine. */
import { spawnSync } from "node:child_process";

/** Every logger beside `metrics.jsonl`. */
export const LOGGER_NAMES = ["tensorboard", "trackio", "mlflow", "wandb"] as const;

/** A logger that `report_to` names. */
export type LoggerName = (typeof LOGGER_NAMES)[number];

/** What `report_to` takes: loggers, or one word for all or none of them. */
export const REPORT_TO_CHOICES = [...LOGGER_NAMES, "all", "none"] as const;

/** What is missing for a logger and how to get it, or null. */
export function loggerObstacle(name: LoggerName): string | null {
  if (name === "mlflow") return mlflowObstacle(process.env.MLFLOW_TRACKING_URI);
  if (name === "wandb") return wandbObstacle();
  return null;
}

/** The loggers that are meant: for `all` those that lack nothing. */
export function resolveLoggers(reportTo: readonly (typeof REPORT_TO_CHOICES)[number][]): LoggerName[] {
  return LOGGER_NAMES.filter((name) =>
    reportTo.includes("all") ? loggerObstacle(name) === null : reportTo.includes(name),
  );
}

function mlflowObstacle(address: string | undefined): string | null {
  const example = "such as MLFLOW_TRACKING_URI=http://127.0.0.1:5000 (mlflow server starts one)";
  if (!address) return `needs the address of a tracking server in the environment, ${example}.`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return null;
  // Not repeated: it may hold a password.
  return `needs a tracking server that is reached over HTTP, and MLFLOW_TRACKING_URI names none; set one, ${example}.`;
}

/** Looks without importing, which takes seconds. */
const FIND_WANDB = "import importlib.util, sys; sys.exit(importlib.util.find_spec('wandb') is None)";

function wandbObstacle(): string | null {
  const found = spawnSync("python3", ["-c", FIND_WANDB], { stdio: "ignore", timeout: 30_000 });
  if (found.status === 0) return null;
  return (
    "needs wandb's own client, because its HTTP interface is not public, and python3 has none here. Install it " +
    "(python3 -m pip install wandb), or train without it and hand the run over later where it is: " +
    "npx otr report FOLDER --report_to wandb."
  );
}
