/** @file `otr plan`: what a run will take, before anything is loaded. */
import { byteCount, counted } from "../config/format-value.js";
import { planOptionSet, planOptions } from "../config/plan-options.js";
import type { RunPlan } from "../training/plan-run.js";
import { commandHelp } from "./command-help.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";
import { wrapText } from "./wrap-text.js";
import { writeNote } from "./write-note.js";

/** Runs `otr plan`; returns the exit status. */
export async function runPlan(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(planOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const [{ planRun }, { transferDisplay }] = await Promise.all([
    import("../training/plan-run.js"),
    import("./transfer-display.js"),
  ]);
  const display = transferDisplay(process.stderr);
  const plan = await planRun(config, { onDownload: display.show }).finally(display.clear);
  if (switches.has("json")) {
    process.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    return EXIT.done;
  }
  for (const note of plan.notes) writeNote(note);
  process.stdout.write(renderPlan(plan));
  return EXIT.done;
}

/** A plan as text of 80 columns. */
export function renderPlan(plan: RunPlan): string {
  const { memory, workload, largestBatch, time, availableMemory } = plan;
  const lines: [string, number][] = [
    ["the program and its libraries", memory.process],
    [heldWeights(plan), memory.weights],
    [`copies of the matrices, ${plan.computeDtype}`, memory.copies],
    [`state of the optimizer ${plan.optim}`, memory.optimizer],
    ["the model as it was at the start, for beta", memory.reference],
    ["copies for a checkpoint that is being written", memory.checkpoint],
    ["gradients that there are by then, float32", memory.gradients],
    [`activations of ${counted(largestBatch.tokens, "token")} that are still kept`, memory.activations],
    [WORKING[memory.during], memory.working],
  ];
  const shown = lines.filter(([, bytes]) => bytes > 0);
  const steps = `${counted(workload.totalSteps, "step")} of ${mean(workload.rowsPerStep)} rows and ${mean(workload.tokensPerStep)} tokens, ${workload.totalTokens.toLocaleString("en")} tokens in all`;
  return [
    `${plan.modelType}, ${(plan.parameters / 1e6).toFixed(1)} M parameters, ${counted(plan.layers, "layer")}; ${plan.computeDtype} on ${plan.device}, ${counted(plan.threads, "thread")}`,
    "",
    `Memory at its peak, in ${memory.during}`,
    ...shown.map(([what, bytes]) => row(what, byteCount(bytes))),
    row("together", byteCount(memory.peak)),
    ...(availableMemory === null ? [] : [row("available here", byteCount(availableMemory))]),
    ...warning(plan),
    "",
    "Time, without evaluation and saving",
    wrapText(`${steps}.`, { width: WIDTH, indent: 2 }),
    ...(time === null
      ? []
      : [
          `  ${seconds(time.step)} a step, ${mean(time.tokensPerSecond)} tokens a second, ${duration(time.total)} in all.`,
        ]),
    ...savings(plan),
    "",
  ].join("\n");
}

function heldWeights({ frozenFormat, computeDtype }: RunPlan): string {
  if (frozenFormat === null) return "weights, float32";
  const frozen = frozenFormat === computeDtype ? frozenFormat : `projections in ${frozenFormat}`;
  return `frozen weights, ${frozen}; the adapter, float32`;
}

const WIDTH = 80;

/** What {@link RunPlan.memory} counts as at work. */
const WORKING = {
  "the head": "a block of logits, with hidden states",
  "the backward pass": "what it holds of the layer that it is in",
  "the rollouts": "keys, values and weights that completions are made with",
  evaluation: "activations and logits of a batch",
  "a save": "nothing more",
} as const;

const row = (what: string, value: string): string => `  ${what.padEnd(60)}${value.padStart(12)}`;

const mean = (value: number): string => (value < 100 ? String(Number(value.toFixed(1))) : value.toFixed(0));

const seconds = (value: number): string => `${value.toPrecision(3)} s`;

function duration(value: number): string {
  if (value < 120) return `${value.toFixed(0)} s`;
  const minutes = Math.round(value / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function warning({ memory, availableMemory }: RunPlan): string[] {
  if (availableMemory === null || memory.peak <= availableMemory) return [];
  return [
    "",
    wrapText(
      `Warning: the run needs ${byteCount(memory.peak - availableMemory)} more than is available here, and would be ended by the ` +
        "system. Lower what it takes, or end other programs.",
      { width: WIDTH },
    ),
  ];
}

function savings({ savings: found }: RunPlan): string[] {
  if (found.length === 0) return [];
  return [
    "",
    "What would lower the peak",
    ...found.map(({ option, value, bytes }) => row(`--${option} ${value}`, `-${byteCount(bytes)}`)),
  ];
}

function help(): string {
  return commandHelp(planOptions, {
    usage: "otr plan [CONFIG.yaml] [--option value ...]",
    summary:
      "Tells what a run of otr train with the same options will take: memory, by a count of what is held, and time, by a " +
      "calibration of a few seconds. It reads the model's config.json, the tokenizer and the rows, but no weights.",
    switches: { json: "Print one JSON document on standard output." },
    examples: ["otr plan run.yaml", "otr plan --model_name_or_path MODEL --dataset rows.jsonl --json"],
  });
}
