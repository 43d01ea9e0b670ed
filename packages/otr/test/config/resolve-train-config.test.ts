import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { resolveCommandLine } from "../../src/config/resolve-command-line.js";
import { optionKey, optionName } from "../../src/config/option-name.js";
import { resolveTrainConfig } from "../../src/config/resolve-train-config.js";
import { trainOptionSet } from "../../src/config/train-rules.js";
import { ConfigError, type Problem } from "../../src/errors.js";

let folder: string;
let required: { modelNameOrPath: string; dataset: string; outputDir: string };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-resolve-"));
  for (const name of ["config.json", "tokenizer.json", "model.safetensors", "rows.jsonl"]) {
    writeFileSync(join(folder, name), "{}");
  }
  required = { modelNameOrPath: folder, dataset: join(folder, "rows.jsonl"), outputDir: `${folder}-out` };
});
afterAll(() => rmSync(folder, { recursive: true }));

const resolveWith = (options: object) => resolveTrainConfig({ ...required, ...options });

function problemsOf(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** `option: message` of every mistake. */
const mistakes = (options: object) =>
  problemsOf(() => resolveWith(options)).map(({ where, message }) => `${where}: ${message}`);

const flags = () => [
  ...["--model_name_or_path", required.modelNameOrPath],
  ...["--dataset", required.dataset, "--output_dir", required.outputDir],
];

async function commandLine(...args: string[]) {
  const resolved = await resolveCommandLine(trainOptionSet, args, ["json"]);
  if (resolved === null) throw new Error("help was asked for");
  return resolved;
}

async function commandLineProblems(...args: string[]): Promise<readonly Problem[]> {
  const error: unknown = await commandLine(...args).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ConfigError) return error.problems;
  throw error ?? new Error("nothing was wrong");
}

function configFile(text: string): string {
  const path = join(folder, "run.yaml");
  writeFileSync(path, text);
  return path;
}

describe("defaults", () => {
  it("are those of TRL 1.16 with One-Token Rollout as the objective", () => {
    expect(resolveWith({})).toEqual({
      ...required,
      modelRevision: "main",
      pushToHub: false,
      hubModelId: null,
      hubPrivateRepo: null,
      evalDataset: null,
      maxLength: 1024,
      truncationMode: "keep_start",
      chatTemplate: null,
      chatTemplatePath: null,
      addSpecialTokens: [],
      eosToken: null,
      completionOnlyLoss: null,
      assistantOnlyLoss: null,
      datasetColumns: null,
      datasetNumProc: null,
      loadFromCacheFile: true,
      shuffleDataset: true,
      trainSamplingStrategy: "random",
      packing: false,
      packingStrategy: "bfd",
      lossType: "otr",
      otrNumSamples: 256,
      otrTemperature: 1.3,
      otrBeta: -0.1,
      otrBaseline: "none",
      otrEstimator: "monte_carlo",
      otrImportanceCorrection: false,
      valueLossCoef: 0.5,
      nllCoef: 0,
      labelSmoothingFactor: 0,
      entropyCoef: 0,
      unlikelihoodCoef: 1,
      lossAggregation: "token",
      rewardFuncs: [],
      confirmRunUnsafeCode: false,
      rewardWeights: null,
      numGenerations: 8,
      maxCompletionLength: 512,
      temperature: 1,
      topP: 1,
      topK: 0,
      scaleRewards: "group",
      beta: 0,
      useBiasCorrectionKl: true,
      epsilon: 0.2,
      epsilonHigh: null,
      numIterations: 1,
      grpoAggregation: "dapo",
      maskTruncatedCompletions: false,
      optim: "adamw_torch_fused",
      perDeviceTrainBatchSize: 8,
      gradientAccumulationSteps: 1,
      numTrainEpochs: 3,
      maxSteps: -1,
      learningRate: 2e-5,
      lrSchedulerType: "linear",
      lrSchedulerKwargs: {},
      warmupSteps: 0,
      weightDecay: 0,
      adamBeta1: 0.9,
      adamBeta2: 0.999,
      adamEpsilon: 1e-8,
      maxGradNorm: 1,
      usePeft: false,
      loraR: 16,
      loraAlpha: 32,
      loraDropout: 0.05,
      loraTargetModules: null,
      loraModulesToSave: [],
      useRslora: false,
      useDora: false,
      adapterNameOrPath: null,
      loadIn4bit: false,
      loadIn8bit: false,
      bnb4bitQuantType: "nf4",
      useBnbNestedQuant: false,
      bf16: "auto",
      saveDtype: "auto",
      headChunkBytes: 64 * 1024 * 1024,
      gradientCheckpointing: true,
      device: "auto",
      numThreads: availableParallelism(),
      seed: 42,
      loggingSteps: 10,
      loggingFirstStep: false,
      skipNonfiniteSteps: 0,
      lossWatchdogThreshold: null,
      lossWatchdogPatience: 3,
      evalOnStart: false,
      evalPrompts: [],
      evalMaxNewTokens: 128,
      tokenTraceRows: 2,
      tokenTraceSteps: null,
      profile: false,
      evalStrategy: "no",
      evalSteps: null,
      perDeviceEvalBatchSize: 8,
      saveStrategy: "steps",
      saveSteps: 500,
      saveMinutes: null,
      saveTotalLimit: null,
      saveOnlyModel: false,
      loadBestModelAtEnd: false,
      metricForBestModel: null,
      greaterIsBetter: null,
      earlyStoppingPatience: null,
      earlyStoppingThreshold: 0,
      resumeFromCheckpoint: false,
      resumeAllowChanges: [],
      overwriteOutputDir: false,
      reportTo: [],
      runName: null,
      project: "huggingface",
    });
  });

  it("reads adamw_torch as another name of the default optimizer", () => {
    expect(resolveWith({ optim: "adamw_torch" })).toEqual(resolveWith({}));
  });

  it("reads load_in_4bit and its like in each spelling", () => {
    for (const key of ["loadIn4bit", "bnb4bitQuantType", "adamBeta1", "bf16"]) {
      expect(optionKey(optionName(key))).toBe(key);
    }
    expect(optionName("loadIn4bit")).toBe("load_in_4bit");
  });

  it("are left to undefined values", () => {
    expect(resolveWith({ learningRate: undefined }).learningRate).toBe(2e-5);
  });
});

it.each([undefined, null, "model", [1]])("refuses %o in place of an object", (input) => {
  const problems = problemsOf(() => resolveTrainConfig(input as never));
  expect(problems).toEqual([
    {
      where: "options of training",
      message: expect.stringMatching(/^found .*, but needs an object with model/),
    },
  ]);
});

describe("what follows from other options", () => {
  it.each([
    [{ shuffleDataset: false }, { shuffleDataset: false, trainSamplingStrategy: "sequential" }],
    [
      { trainSamplingStrategy: "group_by_length" },
      { shuffleDataset: true, trainSamplingStrategy: "group_by_length" },
    ],
    [{ trainSamplingStrategy: "sequential" }, { shuffleDataset: false, trainSamplingStrategy: "sequential" }],
    [{ warmupRatio: 0.1 }, { warmupSteps: 0.1 }],
    [{ warmupSteps: 10 }, { warmupSteps: 10 }],
    [{ numThreads: 3 }, { numThreads: 3 }],
  ])("%o", (input, expected) => {
    expect(resolveWith(input)).toMatchObject(expected);
  });

  it("evaluates as often as it logs, where nothing else is said", () => {
    const evaluation = { evalStrategy: "steps", evalDataset: required.dataset, loggingSteps: 7 };
    expect(resolveWith(evaluation).evalSteps).toBe(7);
    expect(resolveWith({ ...evaluation, evalSteps: 3 }).evalSteps).toBe(3);
    expect(resolveWith({ ...evaluation, evalStrategy: "epoch" }).evalSteps).toBeNull();
  });

  it("does not change when it is resolved again", () => {
    const options = [
      {},
      { shuffleDataset: false, warmupRatio: 0.1, lossType: "nll", labelSmoothingFactor: 0.1, maxSteps: 5 },
      { evalStrategy: "steps", evalDataset: required.dataset, otrEstimator: "exact", otrBaseline: "value" },
      { lrSchedulerType: "cosine_with_min_lr", lrSchedulerKwargs: { minLrRate: 0.03 } },
    ];
    for (const option of options) {
      const config = resolveWith(option);
      expect(resolveTrainConfig(config)).toEqual(config);
    }
  });
});

describe("wrong values", () => {
  it.each([
    [
      { learningRate: "fast" },
      /^learningRate: found "fast", but needs a number above 0 and at most 1\. .* Default: 2e-5\.$/,
    ],
    [{ learningRate: 0 }, /found 0, but needs a number above 0/],
    [{ learningRate: Number.NaN }, /found NaN/],
    [{ learningRate: Number.POSITIVE_INFINITY }, /found Infinity/],
    [{ maxSteps: 0 }, /-1 \(as many as numTrainEpochs|-1 \(as many as num_train_epochs/],
    [{ maxSteps: 1.5 }, /found 1\.5/],
    [{ warmupSteps: 1.5 }, /found 1\.5, but needs a whole number of steps/],
    [{ maxLength: 1 }, /at least 2/],
    [{ otrBeta: 1 }, /below 1/],
    [{ otrTemperature: 0 }, /at least 0\.001/],
    [{ otrTemperature: 1e300 }, /at most 1000/],
    [{ numThreads: 4000 }, /^numThreads: found 4000, but this process may use/],
    [{ lrSchedulerKwargs: "{bad" }, /needs a JSON object such as '\{"min_lr_rate": 0\.1\}'/],
    [{ otrNumSamples: 1e9 }, /at most 65536/],
    [{ lossType: "dtf" }, /needs nll, dft, unlikelihood, otr or grpo\. Did you mean dft\?/],
    [{ bf16: "flase" }, /needs auto, true or false/],
    [{ device: "gpu" }, /needs auto, cpu, cuda or cuda:N/],
    [{ seed: -1 }, /at least 0/],
    [{ seed: 2 ** 60 }, /at most 4294967295/],
    [{ dataset: "" }, /found no value/],
    [{ dataset: 5 }, /found 5, but needs a path, an object such as .* Write texts in quotes/],
    [{ evalSteps: null, otrBaseline: null }, /^otrBaseline: found null/],
    [{ lrSchedulerKwargs: { numCycles: 1 } }, /found the unknown numCycles\. Known are minLr and minLrRate/],
    [{ lrSchedulerKwargs: { minLrRate: 2 } }, /found minLrRate 2/],
    [{ learningRat: 1 }, /^learningRat: there is no such option\. Did you mean learningRate\?$/],
    [{ loggingDir: "logs" }, /^loggingDir: this version does not have a folder for TensorBoard/],
    [{ reportTo: ["tensorbord"] }, /^reportTo: found \["tensorbord"\], .* Did you mean tensorboard\?/],
    [{ reportTo: ["none", "trackio"] }, /^reportTo: names none beside others/],
    [{ runName: "first" }, /^runName: has no effect with reportTo \[\]/],
    [{ reportTo: ["none"], project: "mine" }, /^project: has no effect with reportTo \["none"\]/],
    [{ loraR: 8 }, /^loraR: has no effect with usePeft false/],
    [{ loadIn4bit: true }, /^loadIn4bit: has no effect with usePeft false/],
    [{ usePeft: true, useBnbNestedQuant: true }, /^useBnbNestedQuant: has no effect with loadIn4bit false/],
    [{ usePeft: true, loadIn4bit: true, loadIn8bit: true }, /^loadIn8bit: loadIn4bit is true too/],
    [
      { usePeft: true, loraTargetModules: ["all-linear", "q_proj"] },
      /^loraTargetModules: all-linear stands beside/,
    ],
    [{ usePeft: true, loraDropout: 1 }, /^loraDropout: found 1, but needs/],
    [{ learning_rate: 1 }, /Did you mean learningRate\?/],
  ])("%o", (input, message) => {
    expect(mistakes(input)).toEqual([expect.stringMatching(message)]);
  });

  it("never crashes the checks", () => {
    const odd = [
      null,
      undefined,
      Number.NaN,
      -1,
      2 ** 70,
      "",
      "x",
      "\0",
      [],
      {},
      [null],
      true,
      () => 1,
      Symbol("s"),
      1n,
    ];
    const keys = Object.keys(trainOptionSet.schema.shape);
    for (const value of odd) {
      const everywhere = Object.fromEntries(keys.map((key) => [key, value]));
      expect(() => problemsOf(() => resolveWith(everywhere))).not.toThrow();
    }
    for (const key of keys) {
      for (const value of [null, "\0"]) {
        expect(() => problemsOf(() => resolveWith({ [key]: value }))).not.toThrow();
      }
    }
  });
});

const grpo = { lossType: "grpo", rewardFuncs: ["exact_match"] };

describe("rules over several options", () => {
  it.each([
    [{ otrBaseline: "rloo", otrNumSamples: 1 }, /^otrNumSamples: found 1, .*at least 2/],
    [{ lossType: "nll", otrBeta: 0 }, /^otrBeta: has no effect with lossType "nll".*set lossType to otr/],
    [{ lossType: "dft", valueLossCoef: 1 }, /^valueLossCoef: has no effect/],
    [{ valueLossCoef: 1 }, /^valueLossCoef: .*set otrBaseline to value/],
    [{ otrEstimator: "exact", otrNumSamples: 8 }, /^otrNumSamples: .*otrEstimator "exact"/],
    [{ labelSmoothingFactor: 0.1 }, /^labelSmoothingFactor: .*set lossType to nll/],
    [{ lossType: "dft", entropyCoef: 0.1 }, /^entropyCoef: /],
    [{ lossType: "nll", unlikelihoodCoef: 2 }, /^unlikelihoodCoef: .*lossType to unlikelihood/],
    [{ lossType: "unlikelihood", nllCoef: 0.1 }, /^nllCoef: .*lossType to dft or otr/],
    [{ lossType: "nll", nllCoef: 1 }, /^nllCoef: .*dft or otr/],
    [{ lossType: "nll", numGenerations: 4 }, /^numGenerations: .*set lossType to grpo/],
    [{ beta: 0.1 }, /^beta: .*set otrBeta, which is OTR's, or lossType to grpo/],
    [{ temperature: 1.5 }, /^temperature: .*set otrTemperature, which is OTR's, or lossType to grpo/],
    [{ lossType: "grpo" }, /^rewardFuncs: is missing, .*exact_match, math_verify or code/],
    [
      { ...grpo, rewardFuncs: ["exact_mach"] },
      /"exact_mach" is no reward function\. Did you mean exact_match/,
    ],
    [{ ...grpo, rewardFuncs: ["/nowhere/own.js"] }, /^rewardFuncs: \/nowhere\/own\.js does not exist/],
    [{ ...grpo, rewardWeights: [1, 2] }, /^rewardWeights: has 2 numbers for 1 of rewardFuncs/],
    [{ ...grpo, numGenerations: 6 }, /^numGenerations: found 6, but a step has 8 completions/],
    [{ ...grpo, lossAggregation: "sequence" }, /^lossAggregation: .*set grpoAggregation/],
    [{ ...grpo, packing: true }, /^packing: has no effect with lossType "grpo"/],
    [{ ...grpo, confirmRunUnsafeCode: true }, /^confirmRunUnsafeCode: has no effect with rewardFuncs/],
    [{ ...grpo, epsilon: 0.1 }, /^epsilon: .*set numIterations above 1/],
    [{ ...grpo, useBiasCorrectionKl: false }, /^useBiasCorrectionKl: .*set beta above 0/],
    [{ optim: "sgd", adamBeta1: 0.8 }, /^adamBeta1: has no effect with optim "sgd"/],
    [{ optim: "adafactor", adamEpsilon: 1e-6 }, /^adamEpsilon: .*set optim to/],
    [{ lrSchedulerType: "cosine_with_min_lr" }, /^lrSchedulerKwargs: .*needs the rate at which it ends/],
    [{ lrSchedulerType: "cosine_with_min_lr", lrSchedulerKwargs: { minLr: 1, minLrRate: 1 } }, /found both/],
    [{ lrSchedulerType: "cosine_with_min_lr", lrSchedulerKwargs: { minLr: 1 } }, /the rate would rise/],
    [{ lrSchedulerKwargs: { minLr: 1e-6 } }, /^lrSchedulerKwargs: has no effect/],
    [{ warmupSteps: 5, warmupRatio: 0.1 }, /^warmupRatio: both/],
    [{ lrSchedulerType: "constant", warmupSteps: 5 }, /^warmupSteps: .*constant_with_warmup/],
    [{ maxSteps: 5, numTrainEpochs: 2 }, /^numTrainEpochs: has no effect/],
    [{ shuffleDataset: false, trainSamplingStrategy: "random" }, /^shuffleDataset: .*contradicts/],
    [{ shuffleDataset: true, trainSamplingStrategy: "sequential" }, /^shuffleDataset: .*contradicts/],
    [{ shuffleDataset: false, trainSamplingStrategy: "group_by_length" }, /^shuffleDataset: .*contradicts/],
    [{ packing: true, trainSamplingStrategy: "group_by_length" }, /^trainSamplingStrategy: .*equally full/],
    [{ packing: true, maxLength: 2 ** 20 + 1 }, /^maxLength: found 1048577.*at once/],
    [{ packing: true, packingStrategy: "wrapped" }, /^packingStrategy: found "wrapped".*cut rows in two/],
    [{ evalStrategy: "epoch" }, /^evalStrategy: .*needs rows/],
    [{ perDeviceEvalBatchSize: 2 }, /^perDeviceEvalBatchSize: has no effect/],
  ])("%o", (input, message) => {
    expect(mistakes(input)).toEqual([expect.stringMatching(message)]);
  });

  it("protects the base model", () => {
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    for (const outputDir of [`${folder}/x/..`, join(folder, "a", "b"), join(link, "a"), folder]) {
      expect(mistakes({ outputDir })).toEqual([expect.stringMatching(/^outputDir: .*base model/)]);
    }
    rmSync(link);
    expect(mistakes({ outputDir: `${folder}/../..other` })).toEqual([]);
  });

  it("keeps quiet about options that are wrong by themselves", () => {
    expect(mistakes({ otrBaseline: "rloo", otrNumSamples: 0 })).toEqual([
      expect.stringMatching(/^otrNumSamples/),
    ]);
    const unknownLoss = mistakes({ lossType: "sft", labelSmoothingFactor: 0.1 });
    expect(unknownLoss).toEqual([expect.stringMatching(/^lossType/)]);
  });

  it("accepts what belongs together", () => {
    expect(mistakes({ lossType: "nll", labelSmoothingFactor: 0.1, entropyCoef: 0.1 })).toEqual([]);
    expect(mistakes({ otrBaseline: "value", valueLossCoef: 1, nllCoef: 0.1 })).toEqual([]);
    expect(mistakes({ otrEstimator: "exact", otrBaseline: "rloo", otrImportanceCorrection: true })).toEqual(
      [],
    );
    expect(mistakes({ lossType: "dft", otrBeta: -0.1 })).toEqual([]);
    expect(mistakes({ optim: "muon", adamBeta1: 0.8 })).toEqual([]);
    expect(mistakes({ ...grpo, numIterations: 2, epsilon: 0.1, beta: 0.1, temperature: 0.9 })).toEqual([]);
  });
});

it("knows which loggers are meant, and what each lacks here", async () => {
  vi.stubEnv("MLFLOW_TRACKING_URI", undefined);
  vi.stubEnv("PATH", "/nowhere");
  expect(resolveWith({ reportTo: ["all"] }).reportTo).toEqual(["tensorboard", "trackio"]);
  expect(resolveWith({ reportTo: ["none"] }).reportTo).toEqual([]);
  expect(mistakes({ reportTo: ["mlflow", "wandb"] })).toEqual([
    expect.stringMatching(/^reportTo: mlflow needs the address of a tracking server .*MLFLOW_TRACKING_URI=/),
    expect.stringMatching(/^reportTo: wandb needs wandb's own client/),
  ]);
  vi.stubEnv("MLFLOW_TRACKING_URI", "databricks");
  expect(mistakes({ reportTo: ["mlflow"] })).toEqual([expect.stringContaining("over HTTP")]);
  vi.stubEnv("MLFLOW_TRACKING_URI", "http://me:secret@127.0.0.1:5000");
  expect(resolveWith({ reportTo: ["all"] }).reportTo).toEqual(["tensorboard", "trackio", "mlflow"]);
  const { config } = await commandLine(
    ...flags(),
    "--report_to",
    "trackio,mlflow",
    "--report_to",
    "tensorboard",
  );
  expect(config.reportTo).toEqual(["tensorboard", "trackio", "mlflow"]);
  const file = configFile("report_to: mlflow, trackio\nproject: mine\n");
  expect((await commandLine(file, ...flags())).config).toMatchObject({
    reportTo: ["trackio", "mlflow"],
    project: "mine",
  });
  vi.unstubAllEnvs();
});

it("reports every mistake at once", () => {
  const problems = problemsOf(() => resolveTrainConfig({ learningRate: -1, loggingDir: "x", otrBeta: "a" }));
  expect(problems.map(({ where }) => where).sort()).toEqual([
    "dataset",
    "learningRate",
    "loggingDir",
    "modelNameOrPath",
    "otrBeta",
    "outputDir",
  ]);
});

describe("flags and file", () => {
  it("lets flags beat the file and the file beat the defaults", async () => {
    const file = configFile("learning_rate: 1e-3\nseed: 7\n");
    const { config } = await commandLine(file, ...flags(), "--seed", "8");
    expect(config).toMatchObject({ learningRate: 1e-3, seed: 8, maxLength: 1024 });
  });

  it("lets a flag replace the file's alternative", async () => {
    const file = configFile("num_train_epochs: 5\nwarmup_ratio: 0.1\ntrain_sampling_strategy: sequential\n");
    const { config } = await commandLine(
      ...[file, ...flags()],
      ...["--max_steps", "9", "--warmup_steps", "2", "--shuffle_dataset", "true"],
    );
    expect(config).toMatchObject({
      maxSteps: 9,
      numTrainEpochs: 3,
      warmupSteps: 2,
      trainSamplingStrategy: "random",
    });
  });

  it("lets either alternative replace the other", async () => {
    const file = configFile("max_steps: 5\nwarmup_steps: 3\n");
    const { config } = await commandLine(
      file,
      ...flags(),
      "--num_train_epochs",
      "2",
      "--warmup_ratio",
      "0.5",
    );
    expect(config).toMatchObject({ maxSteps: -1, numTrainEpochs: 2, warmupSteps: 0.5 });
  });

  it("notes what a flag makes pointless in the file, and refuses it elsewhere", async () => {
    const file = configFile("loss_type: otr\notr_num_samples: 64\n");
    const { config, notes } = await commandLine(file, ...flags(), "--loss_type", "nll");
    expect(config).toMatchObject({ lossType: "nll", otrNumSamples: 256 });
    expect(notes).toEqual([
      expect.stringMatching(/run\.yaml:2 otr_num_samples has no effect with --loss_type "nll"/),
    ]);

    const contradictory = configFile("loss_type: nll\notr_num_samples: 64\n");
    const [problem] = await commandLineProblems(contradictory, ...flags());
    expect(problem?.where).toMatch(/run\.yaml:2 otr_num_samples$/);
  });

  it("places every mistake", async () => {
    const file = configFile("learning_rate: fast\n\nlos_type: nll\n");
    const problems = await commandLineProblems(file, ...flags(), "--max-steps", "many", "stray");
    expect(problems.map(({ where }) => where.replace(`${folder}/`, ""))).toEqual([
      "run.yaml:3 los_type",
      "stray",
      "--max-steps",
      "run.yaml:1 learning_rate",
    ]);
  });

  it("writes options as flags where only flags were typed, and fields of objects as they are", async () => {
    const problems = await commandLineProblems(
      "--lr_scheduler_type",
      "cosine_with_min_lr",
      "--otr_estimator",
      "x",
    );
    const text = problems.map(({ where, message }) => `${where}: ${message}`).join("\n");
    expect(text).toMatch(/^--model_name_or_path: is missing/m);
    expect(text).toMatch(/--lr_scheduler_type cosine_with_min_lr needs .* \{"min_lr_rate": 0\.1\}/);
    const missing = await commandLineProblems(configFile("seed: 1\n"));
    expect(missing.map(({ where }) => where)).toContain("model_name_or_path");
  });

  it("says what to write for slips that are made often", async () => {
    const typo = await commandLineProblems("--dataset_columns", "promt=a,completion=b");
    expect(typo).toContainEqual({
      where: "--dataset_columns",
      message: expect.stringMatching(/unknown promt\. Did you mean prompt\? Known are prompt, /),
    });
    mkdirSync(join(folder, "lora"));
    for (const name of ["adapter_config.json", "adapter_model.safetensors"]) {
      writeFileSync(join(folder, "lora", name), "{}");
    }
    const settings = await commandLineProblems(
      "--adapter_name_or_path",
      join(folder, "lora"),
      "--lora_r",
      "8",
    );
    expect(settings).toContainEqual({
      where: "--lora_r",
      message: expect.stringMatching(
        /whose own adapter_config\.json sets it\. Remove it; for a new adapter .* --use_peft to true/,
      ),
    });
    const stray = await commandLineProblems(configFile(""), "--lora_target_modules", "q", "v_proj");
    expect(stray).toContainEqual({
      where: "v_proj",
      message: expect.stringMatching(/repeat the option: --lora_/),
    });
  });

  it("does not call missing what may stand in a file that cannot be read", async () => {
    const problems = await commandLineProblems(join(folder, "nowhere.yaml"), "--seed", "x");
    expect(problems.map(({ where }) => where)).toEqual([join(folder, "nowhere.yaml"), "--seed"]);
  });

  it("returns the switches, and null for help", async () => {
    expect((await commandLine(...flags(), "--json")).switches).toEqual(new Set(["json"]));
    expect(await resolveCommandLine(trainOptionSet, ["--help", "--broken"], [])).toBeNull();
  });
});
