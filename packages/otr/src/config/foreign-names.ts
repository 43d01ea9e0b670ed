/** @file Names that people bring from other trainers, and what to write here instead. */

/** Other spellings, by TypeScript name, of options that exist here. */
const OTHER_SPELLINGS: Readonly<Record<string, string>> = {
  baseModel: "modelNameOrPath",
  revision: "modelRevision",
  pushToHubModelId: "hubModelId",
  repoId: "hubModelId",
  hubRepoId: "hubModelId",
  private: "hubPrivateRepo",
  model: "modelNameOrPath",
  modelPath: "modelNameOrPath",
  modelNameOrPath: "model",
  data: "dataset",
  datasetName: "dataset",
  datasetPath: "dataset",
  datasets: "dataset",
  datasetMixture: "dataset",
  columns: "datasetColumns",
  columnMapping: "datasetColumns",
  datasetTextField: "datasetColumns",
  promptFeature: "datasetColumns",
  completionFeature: "datasetColumns",
  chatFeature: "datasetColumns",
  textFeature: "datasetColumns",
  fieldMessages: "datasetColumns",
  fieldInstruction: "datasetColumns",
  fieldOutput: "datasetColumns",
  trainFile: "dataset",
  testDataset: "evalDataset",
  validationFile: "evalDataset",
  output: "outputDir",
  sequenceLen: "maxLength",
  maxSeqLength: "maxLength",
  cutoffLen: "maxLength",
  excessLengthStrategy: "truncationMode",
  template: "chatTemplate",
  promptTemplate: "chatTemplate",
  chatTemplateJinja: "chatTemplatePath",
  maskPrompt: "completionOnlyLoss",
  tokens: "addSpecialTokens",
  addTokens: "addSpecialTokens",
  newSpecialTokens: "addSpecialTokens",
  trainOnInputs: "completionOnlyLoss",
  samplePacking: "packing",
  groupByLength: "trainSamplingStrategy",
  overwriteCache: "loadFromCacheFile",
  preprocessingNumWorkers: "datasetNumProc",
  datasetProcesses: "datasetNumProc",
  objective: "lossType",
  loss: "lossType",
  optimizer: "optim",
  batchSize: "perDeviceTrainBatchSize",
  microBatchSize: "perDeviceTrainBatchSize",
  gradAccumulationSteps: "gradientAccumulationSteps",
  epochs: "numTrainEpochs",
  numEpochs: "numTrainEpochs",
  iters: "maxSteps",
  steps: "maxSteps",
  lr: "learningRate",
  lrScheduler: "lrSchedulerType",
  lrSchedule: "lrSchedulerType",
  minLr: "lrSchedulerKwargs",
  minLrRate: "lrSchedulerKwargs",
  gradientClipping: "maxGradNorm",
  betas: "adamBeta1",
  dtype: "bf16",
  useCpu: "device",
  dataSeed: "seed",
  beta: "otrBeta",
  kappa: "otrTemperature",
  numSamples: "otrNumSamples",
  adapter: "usePeft",
  loraRank: "loraR",
  rank: "loraR",
  loraTarget: "loraTargetModules",
  loraTargetLinear: "loraTargetModules",
  resumeAdapterFile: "adapterNameOrPath",
  loraModelDir: "adapterNameOrPath",
  peftUseDora: "useDora",
  peftUseRslora: "useRslora",
  quantizationBit: "loadIn4bit",
  maxTokens: "maxNewTokens",
  maxLength: "maxNewTokens",
  stopStrings: "stop",
};

/** Options of TRL and Transformers that this version does not have, by subject. */
const NOT_HERE: readonly (readonly [subject: string, keys: string])[] = [
  ["other tasks than language modelling", "loraTaskType"],
  ["adapters on parameters without a module (see lora_target_modules)", "loraTargetParameters"],
  [
    "checkpoints during training and resuming from them (the finished model is saved)",
    `saveStrategy saveSteps saveTotalLimit saveOnlyModel loadBestModelAtEnd metricForBestModel greaterIsBetter
     resumeFromCheckpoint earlyStoppingPatience`,
  ],
  ["padding (rows are always laid end to end without any)", "evalPacking paddingFree padToMultipleOf"],
  ["settings of gradient checkpointing (it is by layer)", "gradientCheckpointingKwargs"],
  ["activations outside of memory (see gradient_checkpointing)", "activationOffloading"],
  ["reports to other services (see metrics.jsonl)", "reportTo runName project"],
  ["tokens among the options, where others can read them (set HF_TOKEN)", "hubToken"],
  ["uploads during training (push_to_hub uploads the finished model)", "hubStrategy hubAlwaysPush"],
  ["branches to upload to (main is written)", "hubRevision"],
  ["float16 and TF32 training (see bf16)", "fp16 tf32 fp16FullEval bf16FullEval"],
  ["compiled or replaced kernels", "torchCompile useLigerKernel attnImplementation"],
  ["several processes", "deepspeed fsdp fsdpConfig ddpBackend localRank averageTokensAcrossDevices"],
  [
    "splits made by chance (give evaluation rows as eval_dataset, or a folder with a split valid)",
    "valSetSize testSplitSize datasetTrainSplit datasetTestSplit",
  ],
  ["another padding token (rows are laid end to end without any)", "padToken"],
];

const NOT_HERE_SUBJECTS: ReadonlyMap<string, string> = new Map(
  NOT_HERE.flatMap(([subject, keys]) => keys.split(/\s+/).map((key) => [key, subject] as const)),
);

/** The option that another tool's name stands for, or null. */
export function otherSpelling(key: string): string | null {
  return Object.hasOwn(OTHER_SPELLINGS, key) ? OTHER_SPELLINGS[key]! : null;
}

/** The subject of a known option that this version lacks ("packing"), or null. */
export function subjectNotHere(key: string): string | null {
  return NOT_HERE_SUBJECTS.get(key) ?? null;
}
