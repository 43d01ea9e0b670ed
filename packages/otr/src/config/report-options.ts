/** @file The options about loggers, and those of `otr report`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { LOGGER_NAMES, loggerObstacle, REPORT_TO_CHOICES } from "./logger-names.js";
import type { Mistake, OptionSet } from "./option-set.js";
import { option } from "./option-text.js";

const LOGGERS = "Loggers";

const EXPECTED_LOGGERS = `names among ${LOGGER_NAMES.join(", ")}, or all, or none`;

/** A schema of its own for each command, whose words belong to it alone. */
const loggers = () => z.array(z.enum(REPORT_TO_CHOICES)).default([]);

/** `report_to` */
export const reportTo = option(loggers(), {
  group: LOGGERS,
  placeholder: "NAME,...",
  expected: EXPECTED_LOGGERS,
  description:
    "Where the lines of metrics.jsonl go besides: tensorboard, trackio, mlflow, wandb (docs/logging.md), or all of these " +
    "that can be used here. A logger that fails never stops a run; it catches up later.",
});

/** `run_name` */
export const runName = option(z.string().min(1).nullable().default(null), {
  group: LOGGERS,
  placeholder: "NAME",
  description: "What the loggers call the run. Null means the name of its folder.",
});

/** `project` */
export const project = option(z.string().min(1).default("huggingface"), {
  group: LOGGERS,
  placeholder: "NAME",
  description: "The project of trackio, and of wandb unless WANDB_PROJECT is set.",
});

/** Options of handing a run over, as they are written. */
export const reportOptions = z.strictObject({
  outputDir: option(z.string().min(1), {
    group: "Run",
    placeholder: "FOLDER",
    description: "The output_dir of a run. Its name may be left out.",
  }),
  reportTo: option(loggers(), {
    group: LOGGERS,
    placeholder: "NAME,...",
    expected: EXPECTED_LOGGERS,
    description:
      "The loggers: tensorboard, trackio, mlflow, wandb, or all of these that can be used here. By default those of the run.",
  }),
  runName: option(z.string().min(1).nullable().default(null), {
    group: LOGGERS,
    placeholder: "NAME",
    description:
      "What the loggers call the run. Null means the run_name of the run, else the name of its folder.",
  }),
  project: option(z.string().min(1).nullable().default(null), {
    group: LOGGERS,
    placeholder: "NAME",
    description: "The project of trackio and wandb. Null means that of the run.",
  }),
});

/** The checked, complete configuration of `otr report`. */
export type ReportConfig = z.output<typeof reportOptions>;

/** The options of `otr report` with their rules. */
export const reportOptionSet: OptionSet<typeof reportOptions, ReportConfig> = {
  schema: reportOptions,
  readsFile: false,
  positional: "outputDir",
  alternatives: [],
  paths: { outputDir: checkRunFolder },
  rules: (values) => reportMistakes(values.reportTo),
  complete: (values) => values,
};

/** What is wrong with the named loggers, taken together or for what they lack on this machine. */
export function reportMistakes(names: ReportConfig["reportTo"]): Mistake[] {
  if (names.includes("none") && names.some((name) => name !== "none")) {
    const message = "names none beside others, so it is not clear what is meant. Keep one or the other.";
    return [{ key: "reportTo", message }];
  }
  return LOGGER_NAMES.filter((name) => names.includes(name)).flatMap((name) => {
    const obstacle = loggerObstacle(name);
    return obstacle === null ? [] : [{ key: "reportTo", message: `${name} ${obstacle}` }];
  });
}

function checkRunFolder(folder: string): string | null {
  const missing = ["run.json", "metrics.jsonl"].find((name) => !existsSync(join(folder, name)));
  if (missing === undefined) return null;
  return `${folder} has no ${missing}, so it holds no run. Give the output_dir of a run.`;
}
