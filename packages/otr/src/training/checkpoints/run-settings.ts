/** @file What decides on the numbers of a run, kept in its checkpoints and compared before training goes on from one. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildInfo } from "@one-token/torch";
import { closest } from "../../config/closest.js";
import { formatValue } from "../../config/format-value.js";
import { optionName } from "../../config/option-name.js";
import { isRewardModule } from "../../config/reward-names.js";
import { type TrainConfig, trainOptions } from "../../config/train-options.js";
import { chatTemplatePathOf } from "../../data/named-chat-templates.js";
import { ConfigError, DataError } from "../../errors.js";
import { TOKENIZER_FILES } from "../../models/companion-files.js";
import { modelFingerprint } from "../../models/model-fingerprint.js";
import type { Objective } from "../../objectives/objective.js";
import { createObjective } from "../../objectives/registry.js";
import type { PreparedRun } from "../prepare-run.js";
import { version } from "../run-files.js";
import type { RunRecord } from "../run-record.js";
import type { TrainerState } from "./trainer-state.js";

/**
 * What an option decides on: the numbers of a run; their last digits, because sums are taken in another order; what is
 * measured of them and which of them the finished model has; or none of these. What a path names is compared by its content,
 * not by its name.
 */
const DECIDES_ON: Record<keyof TrainConfig, "numbers" | "digits" | "outcome" | "nothing"> = {
  modelNameOrPath: "nothing",
  modelRevision: "nothing",
  dataset: "nothing",
  evalDataset: "nothing",
  datasetColumns: "numbers",
  outputDir: "nothing",
  maxLength: "numbers",
  truncationMode: "numbers",
  chatTemplate: "nothing",
  chatTemplatePath: "nothing",
  addSpecialTokens: "numbers",
  eosToken: "numbers",
  completionOnlyLoss: "numbers",
  assistantOnlyLoss: "numbers",
  datasetNumProc: "nothing",
  loadFromCacheFile: "nothing",
  shuffleDataset: "nothing",
  trainSamplingStrategy: "numbers",
  packing: "numbers",
  packingStrategy: "numbers",
  lossType: "nothing",
  otrNumSamples: "numbers",
  otrTemperature: "numbers",
  otrBeta: "numbers",
  otrBaseline: "numbers",
  otrEstimator: "numbers",
  otrImportanceCorrection: "numbers",
  valueLossCoef: "numbers",
  nllCoef: "numbers",
  labelSmoothingFactor: "numbers",
  entropyCoef: "numbers",
  unlikelihoodCoef: "numbers",
  lossAggregation: "numbers",
  rewardFuncs: "numbers",
  confirmRunUnsafeCode: "nothing",
  rewardWeights: "numbers",
  numGenerations: "numbers",
  maxCompletionLength: "numbers",
  temperature: "numbers",
  topP: "numbers",
  topK: "numbers",
  scaleRewards: "numbers",
  beta: "numbers",
  useBiasCorrectionKl: "numbers",
  epsilon: "numbers",
  epsilonHigh: "numbers",
  numIterations: "numbers",
  grpoAggregation: "numbers",
  maskTruncatedCompletions: "numbers",
  optim: "numbers",
  perDeviceTrainBatchSize: "numbers",
  gradientAccumulationSteps: "numbers",
  numTrainEpochs: "numbers",
  maxSteps: "numbers",
  learningRate: "numbers",
  lrSchedulerType: "numbers",
  lrSchedulerKwargs: "numbers",
  warmupSteps: "numbers",
  weightDecay: "numbers",
  adamBeta1: "numbers",
  adamBeta2: "numbers",
  adamEpsilon: "numbers",
  maxGradNorm: "numbers",
  usePeft: "numbers",
  loraR: "numbers",
  loraAlpha: "numbers",
  loraDropout: "numbers",
  loraTargetModules: "numbers",
  loraModulesToSave: "numbers",
  useRslora: "numbers",
  useDora: "numbers",
  adapterNameOrPath: "nothing",
  loadIn4bit: "numbers",
  loadIn8bit: "numbers",
  bnb4bitQuantType: "numbers",
  useBnbNestedQuant: "numbers",
  bf16: "nothing",
  saveDtype: "outcome",
  headChunkBytes: "digits",
  gradientCheckpointing: "digits",
  device: "nothing",
  numThreads: "digits",
  seed: "numbers",
  loggingSteps: "outcome",
  loggingFirstStep: "outcome",
  skipNonfiniteSteps: "outcome",
  lossWatchdogThreshold: "nothing",
  lossWatchdogPatience: "nothing",
  evalStrategy: "outcome",
  evalSteps: "outcome",
  evalOnStart: "outcome",
  evalPrompts: "nothing",
  evalMaxNewTokens: "nothing",
  tokenTraceRows: "nothing",
  tokenTraceSteps: "nothing",
  profile: "nothing",
  perDeviceEvalBatchSize: "outcome",
  saveStrategy: "nothing",
  saveSteps: "nothing",
  saveMinutes: "nothing",
  saveTotalLimit: "nothing",
  saveOnlyModel: "nothing",
  loadBestModelAtEnd: "outcome",
  metricForBestModel: "outcome",
  greaterIsBetter: "outcome",
  earlyStoppingPatience: "outcome",
  earlyStoppingThreshold: "outcome",
  resumeFromCheckpoint: "nothing",
  resumeAllowChanges: "nothing",
  overwriteOutputDir: "nothing",
  pushToHub: "nothing",
  hubModelId: "nothing",
  reportTo: "nothing",
  runName: "nothing",
  project: "nothing",
  hubPrivateRepo: "nothing",
};

/** Options that may change when a run goes on, although a run with the new value from its start would end otherwise. */
export const FREE_WITH_EFFECT = (Object.keys(DECIDES_ON) as (keyof TrainConfig)[]).filter((key) =>
  ["digits", "outcome"].includes(DECIDES_ON[key]),
);

type Settings = Record<string, unknown>;

/** What an option was for a version that did not have it: its default is what was done before. */
const DEFAULTS: Settings = Object.fromEntries(
  Object.entries(trainOptions.shape)
    .filter(([key]) => DECIDES_ON[key as keyof TrainConfig] === "numbers")
    .map(([key, option]) => [optionName(key), option.safeParse(undefined).data]),
);

/** Names as they are written in a configuration file, values as JSON keeps them. */
export interface RunSettings {
  /** What decides on the numbers of a run. */
  readonly settings: Settings;
  /** What decides on their last digits. */
  readonly machine: Settings;
}

/** The settings of a run as a checkpoint keeps them. */
export interface KeptSettings extends RunSettings {
  /** Names of those that were changed, as it was allowed, since the run began. */
  readonly changed: string[];
}

/** @param machine where and in which dtype the run computes */
export function runSettings(
  config: TrainConfig,
  run: PreparedRun,
  machine: { readonly device: string; readonly computeDtype: string },
): RunSettings {
  const chosen = (kind: "numbers" | "digits") =>
    Object.entries(config)
      .filter(([key]) => DECIDES_ON[key as keyof TrainConfig] === kind)
      .map(([key, value]) => [optionName(key), value]);
  const template = chatTemplatePathOf(config);
  const modules = config.rewardFuncs.filter(isRewardModule);
  const { torchVersion, cpuCapability } = buildInfo();
  return {
    settings: {
      ...Object.fromEntries(chosen("numbers")),
      loss_type: run.objective.lossType,
      objective_terms: termsBesideOptions(run.objective, config),
      compute_dtype: machine.computeDtype,
      base_model: modelFingerprint(run.model.path),
      adapter: run.adapter?.folder ? hashFiles(run.adapter.folder, ["adapter_model.safetensors"]) : null,
      adapter_config: run.adapter?.folder ? hashFiles(run.adapter.folder, ["adapter_config.json"]) : null,
      tokenizer: hashFiles(run.model.companions, TOKENIZER_FILES),
      chat_template: template === null ? null : hashFiles("", [template]),
      reward_modules: modules.length === 0 ? null : hashFiles("", modules),
      dataset: rowsFingerprint(run.dataset),
      eval_dataset: setsFingerprint(run.evalSets),
    },
    machine: {
      ...Object.fromEntries(chosen("digits")),
      device: machine.device,
      cpu_capability: cpuCapability,
      libtorch: torchVersion,
      one_token_rollout: version,
    },
  };
}

/** What a program's own objective says of itself beside its name; null for that which the options describe. */
function termsBesideOptions(objective: Objective, config: TrainConfig): Settings | null {
  const terms = termsOf(objective);
  return asJson(terms) === asJson(termsOf(createObjective(config))) ? null : terms;
}

const termsOf = ({ terms, samples, rewards, valueLossCoef }: Objective): Settings => ({
  ...terms,
  samples,
  rewards,
  value_loss_coef: valueLossCoef,
});

/** What names the model, the data and all else that a run reads, among its settings. Compared by hashes, which tell a person nothing. */
const INPUTS = [
  "base_model",
  "adapter",
  "adapter_config",
  "tokenizer",
  "chat_template",
  "reward_modules",
  "dataset",
  "eval_dataset",
];

/** The settings of a run that has ended, as its `run.json` tells them. */
export function recordedSettings({ config, hardware, fingerprints }: RunRecord): Settings {
  const numbers = Object.keys(DEFAULTS).filter((name) => Object.hasOwn(config, name));
  return {
    ...Object.fromEntries(numbers.map((name) => [name, config[name]])),
    loss_type: config.loss_type,
    compute_dtype: hardware.compute_dtype,
    ...fingerprints,
  };
}

/** Hashes of everything that a run reads. */
export const inputFingerprints = ({ settings }: Pick<RunSettings, "settings">): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => INPUTS.includes(name)));

/** Of the only set, or of each by its name; null where nothing is evaluated. */
function setsFingerprint(sets: PreparedRun["evalSets"]): Settings | null {
  const [first] = sets;
  if (first === undefined) return null;
  if (first.name === null) return rowsFingerprint(first.dataset);
  return Object.fromEntries(sets.map(({ name, dataset }) => [name, rowsFingerprint(dataset)]));
}

/** Of the data files, and of what was made of them. */
function rowsFingerprint({ fingerprint, rows: { lengths } }: PreparedRun["dataset"]): Settings {
  const bytes = new Uint8Array(lengths.buffer, lengths.byteOffset, lengths.byteLength);
  return { files: fingerprint, lengths: createHash("sha256").update(bytes).digest("hex") };
}

function hashFiles(folder: string, names: readonly string[]): string {
  const hash = createHash("sha256");
  for (const name of names) {
    const path = join(folder, name);
    if (existsSync(path)) hash.update(`${name.length} ${name}`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/**
 * Checks that a run may go on from a checkpoint. What an earlier version did not keep is not compared.
 *
 * @param allowed names of settings that may differ
 * @returns names of the settings that do, and sentences on them and on what may make the last digits differ from those of a
 *   run that was never stopped
 * @throws {DataError} `RESUME_CHANGED` listing each setting that differs and is not allowed to
 * @throws {ConfigError} for names in `allowed` that are no settings
 */
export function compareSettings(
  checkpoint: string,
  then: Pick<TrainerState, "settings" | "machine">,
  now: RunSettings,
  allowed: readonly string[],
): { changed: string[]; notes: string[] } {
  requireKnown(allowed, { ...then.settings, ...now.settings });
  const before = { ...DEFAULTS, ...then.settings };
  const comparable = Object.entries(now.settings).filter(([name]) => Object.hasOwn(before, name));
  const changes = differences(before, { ...DEFAULTS, ...Object.fromEntries(comparable) });
  const refused = changes.filter(({ name }) => !allowed.includes(name));
  if (refused.length > 0) {
    const names = refused.map(({ name }) => name).join(",");
    throw new DataError(
      "RESUME_CHANGED",
      `training cannot go on from ${checkpoint} as it was, because this has changed since:\n` +
        `${refused.map(({ text }) => `  ${text}\n`).join("")}` +
        `${adviceFor(refused.map(({ name }) => name))}: --resume_allow_changes ${names}`,
    );
  }
  const digits = differences(then.machine, now.machine);
  const notes = [
    ...changes.map(({ text }) => `Changed since the checkpoint, as allowed: ${text}.`),
    ...(digits.length === 0
      ? []
      : [
          `The last digits may differ from those of a run that was never stopped: ${digits.map(({ text }) => text).join("; ")}.`,
        ]),
  ];
  return { changed: changes.map(({ name }) => name), notes };
}

const LENGTHS = ["max_steps", "num_train_epochs"];

/** What a person may do, up to the option that allows what was refused. */
const adviceFor = (refused: readonly string[]): string =>
  refused.every((name) => LENGTHS.includes(name))
    ? "Change it back; or, to train longer or shorter than was planned, allow it. The schedule of the learning rate is that of the new length from here on"
    : "Change it back; or allow it, and the result will be that of neither run";

function requireKnown(allowed: readonly string[], settings: Settings): void {
  const unknown = allowed.filter((name) => !Object.hasOwn(settings, name));
  if (unknown.length === 0) return;
  const problems = unknown.map((name) => {
    const meant = closest(name, Object.keys(settings));
    const advice =
      meant === null ? "Write names as a refusal to go on gives them." : `Did you mean ${meant}?`;
    return { where: "resume_allow_changes", message: `${name} is nothing that could be changed. ${advice}` };
  });
  throw new ConfigError(problems);
}

function differences(then: Settings, now: Settings): { name: string; text: string }[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
  return names
    .filter((name) => asJson(then[name]) !== asJson(now[name]))
    .map((name) => ({ name, text: describeChange(name, then[name], now[name]) }));
}

/** As a checkpoint keeps it: what is undefined is absent there. */
const asJson = (value: unknown): string => JSON.stringify(value ?? null);

function describeChange(name: string, then: unknown, now: unknown): string {
  if (name === "max_steps") return `${name}: ${lengthText(then)} then, ${lengthText(now)} now`;
  const isContent = INPUTS.includes(name);
  if (!isContent) return `${name}: ${formatValue(then ?? null)} then, ${formatValue(now ?? null)} now`;
  if ((then ?? null) === null) return `${name}: none then`;
  if ((now ?? null) === null) return `${name}: none now`;
  return `${name}: its content is another`;
}

const lengthText = (maxSteps: unknown): string =>
  maxSteps === -1 ? "as num_train_epochs says" : formatValue(maxSteps ?? null);
