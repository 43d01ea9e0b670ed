/** @file Rules over several training options, and what follows from them. */
import { realpathSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { closest } from "./closest.js";
import { listWords } from "./describe-options.js";
import { checkAdapter, checkModel, revisionOfLocalModel } from "./check-model.js";
import { checkOutputFolder, checkTextFile } from "./check-paths.js";
import { evaluationSets, sourceMistakes, validationBeside } from "./dataset-sources.js";
import { isPromptFile } from "./prompt-file.js";
import { formatValue } from "./format-value.js";
import { LARGEST_BIN } from "./largest-count.js";
import { resolveLoggers } from "./logger-names.js";
import { nearestExisting } from "./nearest-existing.js";
import type { Mistake, NameWriter, OptionSet } from "./option-set.js";
import { reportMistakes } from "./report-options.js";
import { isRewardModule, REWARD_NAMES } from "./reward-names.js";
import { tooManyThreads } from "./thread-limit.js";
import { type TrainConfig, type TrainValues, trainOptions } from "./train-options.js";

type Key = keyof TrainValues & string;

/** The options of `otr train` with their rules. */
export const trainOptionSet: OptionSet<typeof trainOptions, TrainConfig> = {
  schema: trainOptions,
  readsFile: true,
  alternatives: [
    ["maxSteps", "numTrainEpochs"],
    ["warmupSteps", "warmupRatio"],
    ["shuffleDataset", "trainSamplingStrategy"],
    ["chatTemplate", "chatTemplatePath"],
  ],
  paths: {
    modelNameOrPath: checkModel,
    chatTemplatePath: checkTextFile,
    evalPrompts: (prompt) => (isPromptFile(prompt) ? checkTextFile(prompt) : null),
    rewardFuncs: (entry) => (isRewardModule(entry) ? checkTextFile(entry) : null),
    adapterNameOrPath: checkAdapter,
    outputDir: checkOutputFolder,
  },
  rules: (values, name, given) => [
    ...modelRules(values, name),
    ...objectiveRules(values, name),
    ...rolloutRules(values, name),
    ...optimizerRules(values, name),
    ...adapterRules(values, name),
    ...scheduleRules(values, name),
    ...dataRules(values, name, given),
    ...evaluationRules(values, name),
    ...watchdogRules(values, name),
    ...checkpointRules(values, name),
    ...reportMistakes(values.reportTo),
    ...reportRules(values, name),
    ...hubRules(values, name),
    ...tooManyThreads("numThreads", values.numThreads),
    ...tooManyThreads("datasetNumProc", values.datasetNumProc),
  ],
  complete({ warmupRatio, ...values }) {
    const sequential = !values.shuffleDataset || values.trainSamplingStrategy === "sequential";
    return {
      ...values,
      usePeft: values.usePeft || values.adapterNameOrPath !== null,
      evalDataset: evaluationRows(values),
      optim: values.optim === "adamw_torch" ? "adamw_torch_fused" : values.optim,
      shuffleDataset: !sequential,
      trainSamplingStrategy: sequential ? "sequential" : values.trainSamplingStrategy,
      warmupSteps: warmupRatio ?? values.warmupSteps,
      evalSteps: values.evalStrategy === "steps" ? (values.evalSteps ?? values.loggingSteps) : null,
      ...bestMetric(values),
      numThreads: values.numThreads ?? availableParallelism(),
      reportTo: resolveLoggers(values.reportTo),
    };
  },
};

const isDefault = (values: TrainValues, key: Key): boolean =>
  JSON.stringify(values[key]) === JSON.stringify(trainOptions.shape[key].safeParse(undefined).data);

/** Mistakes for those of `keys` whose value differs from the default although `because` leaves them no effect. */
function withoutEffect(
  values: TrainValues,
  name: NameWriter,
  keys: readonly Key[],
  because: Key,
  remedy: string,
): Mistake[] {
  const changed = keys.filter((key) => !isDefault(values, key));
  return changed.map((key) => ({
    key,
    withoutEffectBecauseOf: because,
    message:
      `has no effect with ${name(because)} ${formatValue(values[because])}, so the run would not be what ` +
      `it says. Remove it, or set ${remedy}.`,
  }));
}

function modelRules({ modelNameOrPath, adapterNameOrPath }: TrainValues, name: NameWriter): Mistake[] {
  if (modelNameOrPath !== null || adapterNameOrPath !== null) return [];
  const message = `is missing. Give the base model, or an adapter that names one as ${name("adapterNameOrPath")}.`;
  return [{ key: "modelNameOrPath", message }];
}

function objectiveRules(values: TrainValues, name: NameWriter): Mistake[] {
  const { lossType, otrBaseline, otrEstimator, otrNumSamples } = values;
  const mistakes: Mistake[] = [];
  if (lossType !== "otr") {
    const remedy = `${name("lossType")} to otr`;
    const sampling: Key[] = ["otrNumSamples", "otrTemperature", "otrBeta", "otrBaseline", "otrEstimator"];
    const keys: Key[] = [...sampling, "otrImportanceCorrection", "valueLossCoef"];
    mistakes.push(...withoutEffect(values, name, keys, "lossType", remedy));
  } else {
    if (otrBaseline !== "value") {
      const remedy = `${name("otrBaseline")} to value`;
      mistakes.push(...withoutEffect(values, name, ["valueLossCoef"], "otrBaseline", remedy));
    }
    if (otrEstimator === "exact") {
      const remedy = `${name("otrEstimator")} to monte_carlo`;
      mistakes.push(...withoutEffect(values, name, ["otrNumSamples"], "otrEstimator", remedy));
    } else if (otrBaseline === "rloo" && otrNumSamples < 2) {
      mistakes.push({
        key: "otrNumSamples",
        others: ["otrBaseline"],
        message:
          `found ${otrNumSamples}, but ${name("otrBaseline")} rloo compares each sample with the others and ` +
          `needs at least 2. Raise it, or set ${name("otrBaseline")} to none.`,
      });
    }
  }
  if (lossType !== "nll") {
    const remedy = `${name("lossType")} to nll`;
    const keys: Key[] = ["labelSmoothingFactor", "entropyCoef"];
    mistakes.push(...withoutEffect(values, name, keys, "lossType", remedy));
  }
  if (lossType !== "dft" && lossType !== "otr") {
    const remedy = `${name("lossType")} to dft or otr`;
    mistakes.push(...withoutEffect(values, name, ["nllCoef"], "lossType", remedy));
  }
  if (lossType !== "unlikelihood") {
    const remedy = `${name("lossType")} to unlikelihood`;
    mistakes.push(...withoutEffect(values, name, ["unlikelihoodCoef"], "lossType", remedy));
  }
  return mistakes;
}

/** Options that only `grpo` has. */
const ROLLOUT_KEYS: readonly Key[] = [
  "rewardFuncs",
  "confirmRunUnsafeCode",
  "rewardWeights",
  "numGenerations",
  "maxCompletionLength",
  "temperature",
  "topP",
  "topK",
  "scaleRewards",
  "beta",
  "useBiasCorrectionKl",
  "epsilon",
  "epsilonHigh",
  "numIterations",
  "grpoAggregation",
  "maskTruncatedCompletions",
];

function rolloutRules(values: TrainValues, name: NameWriter): Mistake[] {
  const { lossType, rewardFuncs, rewardWeights, numGenerations, beta, numIterations } = values;
  if (lossType !== "grpo")
    return withoutEffect(values, name, ROLLOUT_KEYS, "lossType", grpoRemedy(values, name));
  const mistakes: Mistake[] = [
    ...withoutEffect(values, name, ["lossAggregation"], "lossType", name("grpoAggregation")),
    ...withoutEffect(values, name, ["packing"], "lossType", `${name("lossType")} to another`),
  ];
  if (rewardFuncs.length === 0) {
    mistakes.push({
      key: "rewardFuncs",
      others: ["lossType"],
      message: `is missing, and nothing would judge what the model writes. Give ${listWords(REWARD_NAMES)}, or a file such as ./reward.js.`,
    });
  }
  if (!rewardFuncs.includes("code")) {
    const remedy = `${name("rewardFuncs")} to code`;
    mistakes.push(...withoutEffect(values, name, ["confirmRunUnsafeCode"], "rewardFuncs", remedy));
  }
  for (const entry of rewardFuncs) {
    if (isRewardModule(entry)) continue;
    if (REWARD_NAMES.some((known) => known === entry)) continue;
    const meant = closest(entry, REWARD_NAMES);
    const advice =
      meant === null
        ? `Known are ${listWords(REWARD_NAMES)}, and files that end in .js or .mjs.`
        : `Did you mean ${meant}?`;
    mistakes.push({ key: "rewardFuncs", message: `${formatValue(entry)} is no reward function. ${advice}` });
  }
  if (rewardWeights !== null && rewardWeights.length !== rewardFuncs.length) {
    mistakes.push({
      key: "rewardWeights",
      others: ["rewardFuncs"],
      message: `has ${rewardWeights.length} numbers for ${rewardFuncs.length} of ${name("rewardFuncs")}. Give one for each.`,
    });
  }
  const completions = values.perDeviceTrainBatchSize * values.gradientAccumulationSteps;
  if (completions % numGenerations !== 0) {
    mistakes.push({
      key: "numGenerations",
      others: ["perDeviceTrainBatchSize", "gradientAccumulationSteps"],
      message:
        `found ${numGenerations}, but a step has ${completions} completions (${name("perDeviceTrainBatchSize")} times ` +
        `${name("gradientAccumulationSteps")}), which are not whole groups of so many. Make that a multiple of it.`,
    });
  }
  if (beta === 0) {
    const remedy = `${name("beta")} above 0`;
    mistakes.push(...withoutEffect(values, name, ["useBiasCorrectionKl"], "beta", remedy));
  }
  if (numIterations === 1) {
    // Each token's probability ratio is 1 then.
    const remedy = `${name("numIterations")} above 1`;
    mistakes.push(...withoutEffect(values, name, ["epsilon", "epsilonHigh"], "numIterations", remedy));
  }
  return mistakes;
}

/** What stands in place of an option of `grpo`; two of its names are read as OTR's by those who know its formulas. */
function grpoRemedy({ lossType, beta, temperature }: TrainValues, name: NameWriter): string {
  const remedy = `${name("lossType")} to grpo`;
  if (lossType !== "otr") return remedy;
  const own = [
    ...(beta === 0 ? [] : [name("otrBeta")]),
    ...(temperature === 1 ? [] : [name("otrTemperature")]),
  ];
  return own.length === 0 ? remedy : `${listWords(own)}, which is OTR's, or ${remedy}`;
}

function optimizerRules(values: TrainValues, name: NameWriter): Mistake[] {
  if (values.optim !== "sgd" && values.optim !== "adafactor") return [];
  const remedy = `${name("optim")} to adamw_torch_fused, adamw_8bit or muon`;
  return withoutEffect(values, name, ["adamBeta1", "adamBeta2", "adamEpsilon"], "optim", remedy);
}

function adapterRules(values: TrainValues, name: NameWriter): Mistake[] {
  const settings: Key[] = [
    "loraR",
    "loraAlpha",
    "loraDropout",
    "loraTargetModules",
    "loraModulesToSave",
    "useRslora",
    "useDora",
  ];
  const mistakes: Mistake[] = [];
  if (values.adapterNameOrPath !== null) {
    const changed = settings.filter((key) => !isDefault(values, key));
    for (const key of changed) {
      mistakes.push({
        key,
        withoutEffectBecauseOf: "adapterNameOrPath",
        message:
          `has no effect: training goes on from ${values.adapterNameOrPath}, whose own adapter_config.json sets it. ` +
          `Remove it; for a new adapter of other settings remove ${name("adapterNameOrPath")} and set ${name("usePeft")} ` +
          "to true.",
      });
    }
  } else if (!values.usePeft) {
    const remedy = `${name("usePeft")} to true`;
    const keys: Key[] = [...settings, "loadIn4bit", "loadIn8bit"];
    mistakes.push(...withoutEffect(values, name, keys, "usePeft", remedy));
  }
  if (values.usePeft || values.adapterNameOrPath !== null) {
    // An adapter is saved in float32, as PEFT does.
    const because = values.usePeft ? "usePeft" : "adapterNameOrPath";
    mistakes.push(
      ...withoutEffect(values, name, ["saveDtype"], because, `${name("saveDtype")} when you merge it`),
    );
  }
  if (values.loadIn4bit && values.loadIn8bit) {
    mistakes.push({
      key: "loadIn8bit",
      others: ["loadIn4bit"],
      message: `${name("loadIn4bit")} is true too, and a matrix is held in one way. Keep one.`,
    });
  }
  if (!values.loadIn4bit) {
    const remedy = `${name("loadIn4bit")} to true`;
    mistakes.push(...withoutEffect(values, name, ["useBnbNestedQuant"], "loadIn4bit", remedy));
  }
  const targets = values.loraTargetModules ?? [];
  if (targets.length > 1 && targets.includes("all-linear")) {
    mistakes.push({
      key: "loraTargetModules",
      message: "all-linear stands beside names, which it comprises. Keep one of both.",
    });
  }
  return mistakes;
}

function scheduleRules(values: TrainValues, name: NameWriter): Mistake[] {
  const { lrSchedulerType, lrSchedulerKwargs, learningRate, warmupSteps, warmupRatio } = values;
  const { minLr, minLrRate } = lrSchedulerKwargs;
  const mistakes: Mistake[] = [];
  const kwargs = (message: string) =>
    mistakes.push({
      key: "lrSchedulerKwargs",
      others: ["lrSchedulerType", "learningRate"],
      message,
    });
  if (lrSchedulerType === "cosine_with_min_lr") {
    if (minLr === undefined && minLrRate === undefined) {
      kwargs(
        `${name("lrSchedulerType")} cosine_with_min_lr needs the rate at which it ends. ` +
          `Give {"${name("minLrRate", "field")}": 0.1} or {"${name("minLr", "field")}": 1e-6}.`,
      );
    } else if (minLr !== undefined && minLrRate !== undefined) {
      kwargs(
        `found both ${name("minLr", "field")} and ${name("minLrRate", "field")}, which say the same thing twice. Keep one.`,
      );
    } else if (minLr !== undefined && minLr > learningRate) {
      kwargs(
        `found ${name("minLr", "field")} ${formatValue(minLr)} above ${name("learningRate")} ` +
          `${formatValue(learningRate)}, so the rate would rise. Lower it.`,
      );
    }
  } else if (minLr !== undefined || minLrRate !== undefined) {
    mistakes.push({
      key: "lrSchedulerKwargs",
      withoutEffectBecauseOf: "lrSchedulerType",
      message:
        `has no effect with ${name("lrSchedulerType")} "${lrSchedulerType}". ` +
        `Remove it, or set ${name("lrSchedulerType")} to cosine_with_min_lr.`,
    });
  }
  if (warmupRatio !== null && warmupSteps !== 0) {
    mistakes.push({
      key: "warmupRatio",
      others: ["warmupSteps"],
      message: `both it and ${name("warmupSteps")} are set, and only one can hold. Keep ${name("warmupSteps")}.`,
    });
  }
  if (lrSchedulerType === "constant") {
    const remedy = `${name("lrSchedulerType")} to constant_with_warmup`;
    mistakes.push(...withoutEffect(values, name, ["warmupSteps", "warmupRatio"], "lrSchedulerType", remedy));
  }
  if (values.maxSteps !== -1) {
    const remedy = `${name("maxSteps")} to -1`;
    mistakes.push(...withoutEffect(values, name, ["numTrainEpochs"], "maxSteps", remedy));
  }
  return mistakes;
}

/** Whether `path` is `folder` or lies in it, links followed. */
function isWithin(path: string, folder: string): boolean {
  const [first] = relative(realPath(folder), realPath(path)).split(sep);
  return first !== "..";
}

/** The absolute path without links, as far as it exists. */
function realPath(path: string): string {
  const existing = nearestExisting(path);
  return join(realpathSync(existing), relative(existing, resolve(path)));
}

function dataRules(values: TrainValues, name: NameWriter, given: (key: string) => boolean): Mistake[] {
  const { shuffleDataset, trainSamplingStrategy, outputDir, modelNameOrPath, packing, maxLength } = values;
  const mistakes = sourceMistakes("dataset", values.dataset, "train", name);
  const bothGiven = given("shuffleDataset") && given("trainSamplingStrategy");
  if (bothGiven && shuffleDataset !== (trainSamplingStrategy !== "sequential")) {
    mistakes.push({
      key: "shuffleDataset",
      others: ["trainSamplingStrategy"],
      message:
        `${shuffleDataset} contradicts ${name("trainSamplingStrategy")} ${trainSamplingStrategy}. ` +
        `Keep ${name("trainSamplingStrategy")} alone.`,
    });
  }
  if (values.chatTemplate !== null && values.chatTemplatePath !== null) {
    mistakes.push({
      key: "chatTemplate",
      others: ["chatTemplatePath"],
      message: `both it and ${name("chatTemplatePath")} are set, and only one template can be used. Keep one.`,
    });
  }
  if (packing && trainSamplingStrategy === "group_by_length") {
    mistakes.push({
      key: "trainSamplingStrategy",
      others: ["packing"],
      message:
        `group_by_length finds rows of one length, and with ${name("packing")} all bins are about equally full. ` +
        `Set it to random, or ${name("packing")} to false.`,
    });
  }
  if (packing && maxLength > LARGEST_BIN) {
    mistakes.push({
      key: "maxLength",
      others: ["packing"],
      message:
        `found ${maxLength}, but with ${name("packing")} it is how much goes through the model at once, and at most ` +
        `${LARGEST_BIN} does. Lower it, or set ${name("packing")} to false.`,
    });
  }
  const { adapterNameOrPath } = values;
  if (outputDir !== "" && adapterNameOrPath !== null && isWithin(outputDir, adapterNameOrPath)) {
    mistakes.push({
      key: "outputDir",
      others: ["adapterNameOrPath"],
      message:
        "is the folder of the adapter that training goes on from or lies in it, and would overwrite it. Choose another.",
    });
  }
  if (outputDir !== "" && modelNameOrPath !== null && isWithin(outputDir, modelNameOrPath)) {
    mistakes.push({
      key: "outputDir",
      others: ["modelNameOrPath"],
      message:
        "is the folder of the base model or lies in it, and would overwrite it or mix with it. Choose another.",
    });
  }
  return mistakes;
}

function evaluationRules(values: TrainValues, name: NameWriter): Mistake[] {
  const { evalStrategy, evalDataset, evalPrompts, tokenTraceSteps } = values;
  const mistakes: Mistake[] = [];
  if (evalStrategy === "no") {
    const remedy = `${name("evalStrategy")} to epoch or steps`;
    const keys: Key[] = [
      "evalDataset",
      "evalSteps",
      "evalOnStart",
      "evalPrompts",
      "perDeviceEvalBatchSize",
      ...(tokenTraceSteps === null ? (["tokenTraceRows"] as const) : []),
    ];
    mistakes.push(...withoutEffect(values, name, keys, "evalStrategy", remedy));
  } else if (evalDataset !== null) {
    for (const { written } of evaluationSets(evalDataset)) {
      mistakes.push(...sourceMistakes("evalDataset", written, "valid", name));
    }
  } else if (evalPrompts.length === 0 && validationBeside(values.dataset) === null) {
    mistakes.push({
      key: "evalStrategy",
      others: ["evalDataset", "evalPrompts", "dataset"],
      message:
        `"${evalStrategy}" needs rows to evaluate on. ` +
        `Set ${name("evalDataset")} to a file, or ${name("evalStrategy")} to no.`,
    });
  }
  if (evalStrategy === "epoch") {
    const remedy = `${name("evalStrategy")} to steps`;
    mistakes.push(...withoutEffect(values, name, ["evalSteps"], "evalStrategy", remedy));
  }
  if (evalPrompts.length === 0) {
    const remedy = `${name("evalPrompts")} to some prompts`;
    mistakes.push(...withoutEffect(values, name, ["evalMaxNewTokens"], "evalPrompts", remedy));
  }
  if (values.tokenTraceRows === 0) {
    const remedy = `${name("tokenTraceRows")} to a number`;
    mistakes.push(...withoutEffect(values, name, ["tokenTraceSteps"], "tokenTraceRows", remedy));
  }
  return mistakes;
}

/** Of runs that evaluate. */
function bestMetricMistakes(values: TrainValues, name: NameWriter): Mistake[] {
  const { metricForBestModel, saveStrategy, loadBestModelAtEnd, earlyStoppingPatience } = values;
  const rows = evaluationRows(values);
  if (rows === null) {
    const wanted = { saveStrategy: saveStrategy === "best", loadBestModelAtEnd };
    const needing = { ...wanted, earlyStoppingPatience: earlyStoppingPatience !== null };
    return Object.entries({ ...needing, metricForBestModel: metricForBestModel !== null })
      .filter(([, isAsked]) => isAsked)
      .map(([key]) => ({
        key,
        others: ["evalDataset"],
        message: `needs evaluation rows, and there are prompts alone. Set ${name("evalDataset")} to a file.`,
      }));
  }
  const all = evaluationMetrics(rows);
  // It trains no rows of a data set, which therefore have no loss of its own.
  const known = values.lossType === "grpo" ? all.filter((metric) => !metric.endsWith("objective_loss")) : all;
  if (metricForBestModel === null || known.includes(metricName(metricForBestModel))) return [];
  const meant = closest(metricName(metricForBestModel), known);
  const advice = meant === null ? `Use one of ${listWords(known)}.` : `Did you mean ${meant}?`;
  const found = formatValue(metricForBestModel);
  return [
    {
      key: "metricForBestModel",
      others: ["evalDataset"],
      message: `${found} is nothing that an evaluation measures. ${advice}`,
    },
  ];
}

function watchdogRules(values: TrainValues, name: NameWriter): Mistake[] {
  if (values.lossWatchdogThreshold !== null) return [];
  const remedy = `${name("lossWatchdogThreshold")} to a number`;
  return withoutEffect(values, name, ["lossWatchdogPatience"], "lossWatchdogThreshold", remedy);
}

/** What an evaluation tells, after `eval_` and the name of the set. */
const EVALUATION_METRICS = ["loss", "objective_loss", "mean_token_accuracy", "target_probability", "entropy"];

/** The evaluation rows that are meant; null: there are none. */
const evaluationRows = ({
  evalStrategy,
  evalDataset,
  dataset,
}: Pick<TrainValues, "evalStrategy" | "evalDataset" | "dataset">): TrainValues["evalDataset"] =>
  evalStrategy === "no" ? null : (evalDataset ?? validationBeside(dataset));

/** The names of everything that the sets' evaluation tells, those of the first set first. */
const evaluationMetrics = (written: NonNullable<TrainValues["evalDataset"]>): string[] =>
  evaluationSets(written).flatMap(({ name }) =>
    EVALUATION_METRICS.map((metric) => (name === null ? `eval_${metric}` : `eval_${name}_${metric}`)),
  );

/** Transformers reads the name with and without `eval_`. */
const metricName = (name: string): string => (name.startsWith("eval_") ? name : `eval_${name}`);

/** What decides on the best evaluation, where there are evaluation rows. */
function bestMetric(
  values: Pick<
    TrainValues,
    "evalStrategy" | "evalDataset" | "dataset" | "metricForBestModel" | "greaterIsBetter"
  >,
): Pick<TrainConfig, "metricForBestModel" | "greaterIsBetter"> {
  const rows = evaluationRows(values);
  if (rows === null) return { metricForBestModel: null, greaterIsBetter: null };
  const { metricForBestModel, greaterIsBetter } = values;
  const metric = metricForBestModel === null ? evaluationMetrics(rows)[0]! : metricName(metricForBestModel);
  return { metricForBestModel: metric, greaterIsBetter: greaterIsBetter ?? !metric.endsWith("loss") };
}

function checkpointRules(values: TrainValues, name: NameWriter): Mistake[] {
  const { saveStrategy, evalStrategy, earlyStoppingPatience } = values;
  const mistakes: Mistake[] = [];
  if (saveStrategy !== "steps") {
    const remedy = `${name("saveStrategy")} to steps`;
    mistakes.push(...withoutEffect(values, name, ["saveSteps"], "saveStrategy", remedy));
  }
  if (saveStrategy === "no" && values.saveMinutes === null && !values.loadBestModelAtEnd) {
    const remedy = `${name("saveStrategy")} to steps, epoch or best`;
    mistakes.push(
      ...withoutEffect(values, name, ["saveTotalLimit", "saveOnlyModel"], "saveStrategy", remedy),
    );
  }
  if (earlyStoppingPatience === null) {
    const remedy = `${name("earlyStoppingPatience")} to a number`;
    const keys: Key[] = ["earlyStoppingThreshold"];
    mistakes.push(...withoutEffect(values, name, keys, "earlyStoppingPatience", remedy));
  }
  if (evalStrategy === "no") {
    const remedy = `${name("evalStrategy")} to epoch or steps`;
    const keys: Key[] = [
      "loadBestModelAtEnd",
      "metricForBestModel",
      "greaterIsBetter",
      "earlyStoppingPatience",
    ];
    mistakes.push(...withoutEffect(values, name, keys, "evalStrategy", remedy));
    if (saveStrategy === "best") {
      mistakes.push({
        key: "saveStrategy",
        others: ["evalStrategy"],
        message: `best needs evaluations, and ${name("evalStrategy")} is no. Set that to epoch or steps.`,
      });
    }
  } else {
    mistakes.push(...bestMetricMistakes(values, name));
  }
  if (values.resumeFromCheckpoint === false) {
    const remedy = `${name("resumeFromCheckpoint")} to true`;
    mistakes.push(...withoutEffect(values, name, ["resumeAllowChanges"], "resumeFromCheckpoint", remedy));
  } else if (values.resumeFromCheckpoint === true) {
    const remedy = `${name("resumeFromCheckpoint")} to auto or false`;
    mistakes.push(...withoutEffect(values, name, ["overwriteOutputDir"], "resumeFromCheckpoint", remedy));
  }
  return mistakes;
}

function reportRules(values: TrainValues, name: NameWriter): Mistake[] {
  if (values.reportTo.some((logger) => logger !== "none")) return [];
  return withoutEffect(values, name, ["runName", "project"], "reportTo", `${name("reportTo")} to a logger`);
}

function hubRules(values: TrainValues, name: NameWriter): Mistake[] {
  const { modelNameOrPath, modelRevision, pushToHub } = values;
  const mistakes =
    modelNameOrPath === null ? [] : revisionOfLocalModel("modelNameOrPath", modelNameOrPath, modelRevision);
  if (!pushToHub) {
    const remedy = `${name("pushToHub")} to true`;
    mistakes.push(...withoutEffect(values, name, ["hubModelId", "hubPrivateRepo"], "pushToHub", remedy));
  }
  return mistakes;
}
