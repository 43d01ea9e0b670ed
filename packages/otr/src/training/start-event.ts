/** @file What a person is told when a run starts. */
import { counted } from "../config/format-value.js";
import type { TrainConfig } from "../config/train-options.js";
import { countNumbers, parameterLayout } from "../models/parameter-layout.js";
import { describeObjective } from "./describe-objective.js";
import type { TrainEvent } from "./events.js";
import type { OpenRun } from "./open-run.js";
import type { PreparedRun } from "./prepare-run.js";

/** The event of a run that is ready for its first step. */
export function startEvent(open: OpenRun): TrainEvent {
  const { config, run, device, precision, memory, optimizer, notes, warnings } = open;
  return {
    type: "start",
    totalSteps: run.plan.totalSteps,
    rows: run.dataset.rows.length,
    tokens: run.dataset.summary.tokens,
    model: config.modelNameOrPath ?? run.model.path,
    modelType: run.modelConfig.modelType,
    parameters: countNumbers(parameterLayout(run.spec)),
    objective: describeObjective(run.objective, config),
    memory,
    usesChatTemplate: run.dataset.usesChatTemplate,
    notes: [
      ...notes,
      ...run.notes,
      ...adapterNotes(config, run),
      `Computing in ${precision.computeDtype} on ${device}: ${precision.reason}.`,
      `The optimizer ${config.optim} holds ${(optimizer.stateBytes / 2 ** 20).toFixed(1)} MiB beside the gradients.`,
    ],
    warnings: [...warnings, ...run.warnings, ...memoryWarnings(memory)],
  };
}

function memoryWarnings(memory: OpenRun["memory"]): string[] {
  if (memory === null || memory.planned <= memory.available) return [];
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  return [
    `The run needs about ${gibibytes(memory.planned)} of memory and ${gibibytes(memory.available)} are there, so the system ` +
      "may end it; otr plan with the same options shows what would lower the peak.",
  ];
}

/** What is trained, where it is not the model itself. */
function adapterNotes({ loadIn4bit, loadIn8bit }: TrainConfig, { adapter, spec }: PreparedRun): string[] {
  if (adapter === null) return [];
  const { config, layout } = adapter;
  const trained = countNumbers(layout.parameters);
  const share = (100 * trained) / countNumbers(parameterLayout(spec));
  const whole = layout.saved.length > 0 ? `, and ${config.modulesToSave.join(", ")} whole` : "";
  const bits = loadIn4bit
    ? " The frozen matrices are held in 4 bits."
    : loadIn8bit
      ? " The frozen matrices are held in 8 bits."
      : "";
  return [
    `Training a LoRA adapter (r ${config.rank}, ${counted(layout.targets.length, "module")}${whole}): ${counted(trained, "parameter")}, ${share.toFixed(2)} % of the model's.${bits}`,
  ];
}
