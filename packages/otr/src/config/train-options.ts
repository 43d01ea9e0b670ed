/**
 * @file The options of `otr train`: the single source of types, checks, defaults, help, JSON Schema and
 * reference page. Names and defaults are those of TRL and Transformers where they have the option.
 */
import { z } from "zod";
import { CHAT_TEMPLATE_NAMES } from "./chat-template-names.js";
import { columnMapping, datasetOption, evalDatasetOption } from "./dataset-sources.js";
import { hubModelId, hubPrivateRepo, modelRevision, UPLOAD } from "./hub-options.js";
import { LARGEST_COUNT } from "./largest-count.js";
import type { LoggerName } from "./logger-names.js";
import { option } from "./option-text.js";
import { project, reportTo, runName } from "./report-options.js";

const MODEL_AND_DATA = "Model and data";
const TOKENS = "From rows to tokens";
const OBJECTIVE = "Objective";
const GRPO = "GRPO: completions that the model writes";
const OPTIMIZATION = "Optimization";
const ADAPTER = "LoRA";
const PRECISION = "Precision and machine";
const PROGRESS = "Progress and evaluation";
const CHECKPOINTS = "Checkpoints";

const INTERVAL = "a whole number of steps, or a number above 0 and below 1 (a share of all steps)";

/** Every how many steps something happens; below 1 a share of all. */
const interval = () =>
  z
    .number()
    .gt(0)
    .max(LARGEST_COUNT)
    .refine((steps) => steps < 1 || Number.isInteger(steps));

/** Options of training as they are written: every key is optional but `dataset`, `outputDir` and a model. */
export const trainOptions = z.strictObject({
  modelNameOrPath: option(z.string().min(1).nullable().default(null), {
    group: MODEL_AND_DATA,
    placeholder: "MODEL",
    expected: "a folder, a GGUF file or an id of the Hub",
    description:
      "The base model: a folder in Hugging Face format (config.json, tokenizer.json, safetensors weights), a GGUF file, or " +
      "its id on the Hugging Face Hub. Needed unless adapter_name_or_path names an adapter, which names its base model.",
  }),
  modelRevision: modelRevision(MODEL_AND_DATA),
  dataset: option(datasetOption(), {
    group: MODEL_AND_DATA,
    placeholder: "FILE|PATTERN|FOLDER|ID",
    expected: "a path, an object such as {path: FILE, weight: 2}, or a list of these",
    description:
      "Training rows: a file (JSONL, JSON, CSV, TSV, Parquet or text, also with .gz), a pattern such as 'data/*.jsonl', a folder " +
      "with train.jsonl and the like, or an id of the Hugging Face Hub. Several follow each other, or are mixed by weight: path=FILE,weight=2. " +
      "docs/data.md lists the forms of rows that are recognised.",
  }),
  evalDataset: option(evalDatasetOption().nullable().default(null), {
    group: MODEL_AND_DATA,
    placeholder: "FILE|PATTERN|FOLDER|ID",
    expected:
      "a path, an object such as {path: FILE, split: test}, a list of these, an object that names several, such as " +
      "{math: FILE, code: FILE}, or null",
    description:
      "Rows for evaluation during training; needs eval_strategy. Several sets have names, which stand in their metrics " +
      "(eval_math_loss). Null means the split valid of dataset's folder.",
  }),
  datasetColumns: option(columnMapping.nullable().default(null), {
    group: MODEL_AND_DATA,
    expected:
      'an object that names columns of the data, such as {"prompt": "question", "completion": "answer"}',
    placeholder: "NAME=COLUMN,...",
    description:
      "Which columns of the data stand for those of a known form: prompt=question,completion=answer. No others are " +
      "read then, but for tools and chat_template_kwargs.",
  }),
  outputDir: option(z.string().min(1), {
    group: MODEL_AND_DATA,
    placeholder: "FOLDER",
    description: "Where the finished model, run.json and metrics.jsonl are written. Made if it is missing.",
  }),

  maxLength: option(z.int().min(2).max(LARGEST_COUNT).default(1024), {
    group: TOKENS,
    unit: "tokens",
    description: "Longest row; longer ones are treated as truncation_mode says.",
  }),
  truncationMode: option(z.enum(["keep_start", "keep_end", "drop", "error"]).default("keep_start"), {
    group: TOKENS,
    description:
      "What happens to a row longer than max_length: its start or its end is kept, the row is dropped, " +
      "or training does not start. Whatever is lost is counted in the summary.",
  }),
  chatTemplate: option(z.enum(CHAT_TEMPLATE_NAMES).nullable().default(null), {
    group: TOKENS,
    description:
      "A chat template that comes with this program, in place of the tokenizer's own; the finished model gets it too.",
  }),
  chatTemplatePath: option(z.string().min(1).nullable().default(null), {
    group: TOKENS,
    placeholder: "FILE",
    description: "A Jinja chat template that replaces the tokenizer's own.",
  }),
  addSpecialTokens: option(z.array(z.string().min(1)).default([]), {
    group: TOKENS,
    expected: "tokens, none of them empty",
    description:
      "Tokens that are added to the vocabulary, such as the marks of a chat template; the embedding and the head grow " +
      "where they have no rows for them.",
  }),
  eosToken: option(z.string().min(1).nullable().default(null), {
    group: TOKENS,
    placeholder: "TOKEN",
    description: "The token that ends a text or a turn, instead of the tokenizer's own.",
  }),
  completionOnlyLoss: option(z.boolean().nullable().default(null), {
    group: TOKENS,
    description:
      "Whether only the completion of {prompt, completion} rows is trained. Null means yes for such rows.",
  }),
  assistantOnlyLoss: option(z.boolean().nullable().default(null), {
    group: TOKENS,
    description:
      "Whether only the assistant's turns of {messages} rows are trained. Null means yes for such rows.",
  }),
  datasetNumProc: option(z.int().min(1).max(4096).nullable().default(null), {
    group: TOKENS,
    unit: "threads",
    description:
      "Threads that turn rows into tokens. Null means as many as this machine has processors, and fewer for a small file.",
  }),
  loadFromCacheFile: option(z.boolean().default(true), {
    group: TOKENS,
    description:
      "Whether the tokens of a data set of 1 MiB or more are kept in the user's cache folder and taken from there " +
      "the next time; false does neither.",
  }),
  shuffleDataset: option(z.boolean().default(true), {
    group: TOKENS,
    description: "Whether rows come in random order; false alone means train_sampling_strategy sequential.",
  }),
  trainSamplingStrategy: option(z.enum(["random", "sequential", "group_by_length"]).default("random"), {
    group: TOKENS,
    description:
      "Order of the rows: a new random order each epoch, drawn from seed; the order of the file; or random " +
      "batches of rows of about one length.",
  }),
  packing: option(z.boolean().default(false), {
    group: TOKENS,
    description:
      "Whether rows are put together into bins of up to max_length tokens, which then count as rows do in " +
      "per_device_train_batch_size. Each row stays whole and sees itself alone.",
  }),
  packingStrategy: option(z.enum(["bfd"]).default("bfd"), {
    group: TOKENS,
    expected:
      "bfd (bfd_split and wrapped cut rows in two, and the rear would be learned without its beginning)",
    description: "How packing fills bins: best-fit decreasing.",
  }),

  lossType: option(z.enum(["nll", "dft", "unlikelihood", "otr", "grpo"]).default("otr"), {
    group: OBJECTIVE,
    description:
      "What is minimised: the negative log-likelihood (supervised fine-tuning), dynamic fine-tuning, " +
      "unlikelihood training, One-Token Rollout, or Group Relative Policy Optimization, in which the model answers the " +
      "prompts itself and reward_funcs judge it (docs/grpo.md).",
  }),
  otrNumSamples: option(z.int().min(1).max(65_536).default(256), {
    group: OBJECTIVE,
    unit: "tokens",
    description: "K, how many candidate tokens are sampled at each position.",
  }),
  // Beyond these limits candidates are the likeliest token, or uniform, to the last digit.
  otrTemperature: option(z.number().min(1e-3).max(1000).default(1.3), {
    group: OBJECTIVE,
    description: "Kappa, the temperature at which candidates are sampled; above 1 explores more.",
  }),
  otrBeta: option(z.number().min(-1000).lt(1).default(-0.1), {
    group: OBJECTIVE,
    description: "Reward of a candidate that is not the true token; the true token's reward is 1.",
  }),
  otrBaseline: option(z.enum(["none", "rloo", "value"]).default("none"), {
    group: OBJECTIVE,
    description:
      "What is subtracted from the rewards: nothing (the paper), the mean reward of the other candidates, " +
      "or the prediction of a learned value head.",
  }),
  otrEstimator: option(z.enum(["monte_carlo", "exact"]).default("monte_carlo"), {
    group: OBJECTIVE,
    description: "Sample candidates, or use the expectation over all tokens in closed form.",
  }),
  otrImportanceCorrection: option(z.boolean().default(false), {
    group: OBJECTIVE,
    description:
      "Weight candidates by how much likelier they are at temperature 1 than at otr_temperature; the " +
      "expected gradient is then (1 - otr_beta) times that of dft.",
  }),
  valueLossCoef: option(z.number().min(0).max(1000).default(0.5), {
    group: OBJECTIVE,
    description: "Weight of the value head's squared error beside the objective.",
  }),
  nllCoef: option(z.number().min(0).max(1000).default(0), {
    group: OBJECTIVE,
    description:
      "Adds this multiple of the negative log-likelihood to dft or otr, so that true tokens which are " +
      "hardly ever sampled are learned too.",
  }),
  labelSmoothingFactor: option(z.number().min(0).lt(1).default(0), {
    group: OBJECTIVE,
    description: "Share of the target probability that nll spreads evenly over the vocabulary.",
  }),
  entropyCoef: option(z.number().min(0).max(1000).default(0), {
    group: OBJECTIVE,
    description: "Weight of the entropy that nll rewards.",
  }),
  unlikelihoodCoef: option(z.number().min(0).max(1000).default(1), {
    group: OBJECTIVE,
    description: "Alpha, the weight with which unlikelihood lowers the tokens that stand before in the row.",
  }),
  lossAggregation: option(z.enum(["token", "sequence"]).default("token"), {
    group: OBJECTIVE,
    description:
      "Mean over all supervised tokens of an optimizer step, or over rows of each row's own mean (the paper).",
  }),

  rewardFuncs: option(z.array(z.string().min(1)).max(16).default([]), {
    group: GRPO,
    placeholder: "NAME|FILE.js",
    expected:
      "a list of exact_match, math_verify, code, and files of reward functions that end in .js or .mjs",
    description:
      "What judges a completion, compared with the row's own: exact_match (the same text, without space around it), " +
      "math_verify (the same mathematical answer), code (a program that passes the tests which the row has in place of a " +
      "completion), or the default export of a JavaScript module.",
  }),
  confirmRunUnsafeCode: option(z.boolean().default(false), {
    group: GRPO,
    description:
      "Whether code may run programs that the model writes, in the sandbox; HF_ALLOW_CODE_EVAL=1 is needed too.",
  }),
  rewardWeights: option(z.array(z.number().min(-1e6).max(1e6)).max(16).nullable().default(null), {
    group: GRPO,
    expected: "a list with a number for each of reward_funcs, or null",
    description: "Weight of each of reward_funcs in the sum that is the reward. Null means 1 each.",
  }),
  numGenerations: option(z.int().min(2).max(65_536).default(8), {
    group: GRPO,
    unit: "completions",
    description:
      "Completions that are sampled for each prompt, and compared with each other. per_device_train_batch_size counts " +
      "completions; that times gradient_accumulation_steps must be a multiple of this.",
  }),
  maxCompletionLength: option(z.int().min(1).max(LARGEST_COUNT).default(512), {
    group: GRPO,
    unit: "tokens",
    description: "Longest completion that is sampled.",
  }),
  temperature: option(z.number().min(1e-2).max(100).default(1), {
    group: GRPO,
    description:
      "Temperature at which completions are sampled. (That of OTR's candidates is otr_temperature.)",
  }),
  topP: option(z.number().gt(0).max(1).default(1), {
    group: GRPO,
    description:
      "Sample among the fewest most probable tokens whose probabilities sum to this; 1: among all.",
  }),
  topK: option(z.int().min(0).max(LARGEST_COUNT).default(0), {
    group: GRPO,
    unit: "tokens",
    description: "Sample among this many most probable tokens; 0: among all.",
  }),
  scaleRewards: option(z.enum(["group", "batch", "none"]).default("group"), {
    group: GRPO,
    description:
      "What the difference of a reward from its group's mean is divided by: the group's standard deviation, that of " +
      "all completions of the step, or nothing.",
  }),
  beta: option(z.number().min(0).max(1000).default(0), {
    group: GRPO,
    description:
      "Weight of the divergence from the model as it was at the start, which is kept in memory for it. (OTR's is otr_beta.)",
  }),
  useBiasCorrectionKl: option(z.boolean().default(true), {
    group: GRPO,
    description:
      "Whether that divergence is multiplied by the probability ratio, so that its gradient is the true one; false is " +
      "the paper's.",
  }),
  epsilon: option(z.number().gt(0).lt(1).default(0.2), {
    group: GRPO,
    description: "How far a token's probability ratio may fall below 1 before its gradient is cut off.",
  }),
  epsilonHigh: option(z.number().gt(0).max(1000).nullable().default(null), {
    group: GRPO,
    expected: "a number above 0, or null",
    description: "How far it may rise above 1. Null means as far as epsilon says.",
  }),
  numIterations: option(z.int().min(1).max(1000).default(1), {
    group: GRPO,
    unit: "optimizer steps",
    description: "Optimizer steps that are made with the same completions.",
  }),
  grpoAggregation: option(z.enum(["dapo", "grpo", "dr_grpo", "bnpo"]).default("dapo"), {
    group: GRPO,
    description:
      "How tokens become one loss, TRL's loss_type: mean over all tokens of the step; over completions of each one's mean; " +
      "sum over all tokens, divided by completions times max_completion_length; mean over passes of each one's mean.",
  }),
  maskTruncatedCompletions: option(z.boolean().default(false), {
    group: GRPO,
    description: "Whether completions that max_completion_length has cut off are left out of the loss.",
  }),

  optim: option(
    z
      .enum(["adamw_torch_fused", "adamw_torch", "adamw_8bit", "adafactor", "sgd", "muon"])
      .default("adamw_torch_fused"),
    {
      group: OPTIMIZATION,
      description:
        "Optimizer: AdamW in one fused kernel (adamw_torch is another name for it), AdamW with moments of one byte, " +
        "Adafactor, gradient descent without momentum, or Muon for hidden matrices with AdamW for the rest.",
    },
  ),
  perDeviceTrainBatchSize: option(z.int().min(1).max(LARGEST_COUNT).default(8), {
    group: OPTIMIZATION,
    unit: "rows",
    description: "Rows, or bins with packing, in one forward and backward pass.",
  }),
  gradientAccumulationSteps: option(z.int().min(1).max(LARGEST_COUNT).default(1), {
    group: OPTIMIZATION,
    unit: "passes",
    description: "Forward and backward passes in one optimizer step.",
  }),
  numTrainEpochs: option(z.number().gt(0).max(1_000_000).default(3), {
    group: OPTIMIZATION,
    unit: "epochs",
    description: "How often the training rows are seen; may be a fraction.",
  }),
  maxSteps: option(
    z
      .int()
      .max(LARGEST_COUNT)
      .refine((steps) => steps === -1 || steps >= 1)
      .default(-1),
    {
      group: OPTIMIZATION,
      unit: "optimizer steps",
      expected:
        "-1 (as many as num_train_epochs makes) or a whole number of at least 1 and at most 2147483647",
      description: "Number of optimizer steps, in place of num_train_epochs; -1 leaves it to the epochs.",
    },
  ),
  learningRate: option(z.number().gt(0).max(1).default(2e-5), {
    group: OPTIMIZATION,
    description: "Highest learning rate of the schedule.",
  }),
  lrSchedulerType: option(
    z.enum(["linear", "cosine", "constant", "constant_with_warmup", "cosine_with_min_lr"]).default("linear"),
    {
      group: OPTIMIZATION,
      description: "How the learning rate falls after the warm-up.",
    },
  ),
  lrSchedulerKwargs: option(
    z
      .strictObject({
        minLr: z.number().min(0).max(1).optional(),
        minLrRate: z.number().min(0).max(1).optional(),
      })
      .default({}),
    {
      group: OPTIMIZATION,
      expected: `a JSON object such as '{"min_lr_rate": 0.1}' (with these quotes in a shell)`,
      description:
        'Last learning rate of cosine_with_min_lr: {"min_lr": 1e-6}, or as a share of learning_rate ' +
        '{"min_lr_rate": 0.1}.',
    },
  ),
  warmupSteps: option(
    z
      .number()
      .min(0)
      .max(LARGEST_COUNT)
      .refine((steps) => steps < 1 || Number.isInteger(steps))
      .default(0),
    {
      group: OPTIMIZATION,
      unit: "optimizer steps",
      expected:
        "a whole number of steps up to 2147483647, or a number from 0 up to but not including 1 (a share of all steps)",
      description:
        "Steps over which the learning rate rises from 0; a number below 1 is a share of all steps.",
    },
  ),
  warmupRatio: option(z.number().min(0).lt(1).nullable().default(null), {
    group: OPTIMIZATION,
    description: "Warm-up as a share of all steps: the older spelling of warmup_steps below 1.",
  }),
  weightDecay: option(z.number().min(0).max(100).default(0), {
    group: OPTIMIZATION,
    description: "Decoupled weight decay; norm weights and biases are never decayed.",
  }),
  adamBeta1: option(z.number().min(0).lt(1).default(0.9), {
    group: OPTIMIZATION,
    description: "Decay of AdamW's mean of gradients.",
  }),
  adamBeta2: option(z.number().min(0).lt(1).default(0.999), {
    group: OPTIMIZATION,
    description: "Decay of AdamW's mean of squared gradients.",
  }),
  // A smaller one is zero in float32, and zero over zero is no number.
  adamEpsilon: option(z.number().min(1e-30).max(1).default(1e-8), {
    group: OPTIMIZATION,
    description: "Added to AdamW's denominator.",
  }),
  maxGradNorm: option(z.number().min(0).max(1e9).default(1), {
    group: OPTIMIZATION,
    description: "Gradients are scaled down to this norm; 0 turns clipping off.",
  }),

  usePeft: option(z.boolean().default(false), {
    group: ADAPTER,
    description:
      "Whether a LoRA adapter is trained instead of the model's own weights; output_dir then holds the adapter, as PEFT writes it.",
  }),
  loraR: option(z.int().min(1).max(65_536).default(16), {
    group: ADAPTER,
    description: "Inner width of the adapter's matrices.",
  }),
  loraAlpha: option(z.number().gt(0).max(1_000_000).default(32), {
    group: ADAPTER,
    description: "The adapter's output is multiplied by this over lora_r.",
  }),
  loraDropout: option(z.number().min(0).lt(1).default(0.05), {
    group: ADAPTER,
    description: "Probability with which an element of the adapter's input is zeroed in training.",
  }),
  loraTargetModules: option(z.array(z.string().min(1)).min(1).nullable().default(null), {
    group: ADAPTER,
    expected: "names of modules, all-linear, or one regular expression",
    description:
      "Modules that get matrices: names (q_proj,v_proj, or the option repeated; embed_tokens and lm_head too), all-linear, or a regular expression for whole names; null " +
      "means q_proj and v_proj (qkv_proj where there is one).",
  }),
  loraModulesToSave: option(z.array(z.string().min(1)).default([]), {
    group: ADAPTER,
    expected: "names of modules",
    description:
      "Modules that are trained whole and saved with the adapter, such as lm_head; embed_tokens,lm_head for the tokens of add_special_tokens.",
  }),
  useRslora: option(z.boolean().default(false), {
    group: ADAPTER,
    description: "Whether lora_alpha is divided by the root of lora_r instead (rank-stabilised LoRA).",
  }),
  useDora: option(z.boolean().default(false), {
    group: ADAPTER,
    description: "Whether the length of each row of a weight is learned apart from its direction (DoRA).",
  }),
  adapterNameOrPath: option(z.string().min(1).nullable().default(null), {
    group: ADAPTER,
    placeholder: "FOLDER|ORG/NAME",
    description: "An adapter, by folder or Hub id, from which training goes on; its own settings hold.",
  }),
  loadIn4bit: option(z.boolean().default(false), {
    group: ADAPTER,
    description: "Whether the frozen matrices are held in 4 bits (QLoRA); needs an adapter.",
  }),
  loadIn8bit: option(z.boolean().default(false), {
    group: ADAPTER,
    description: "Whether the frozen matrices are held in 8 bits; needs an adapter.",
  }),
  bnb4bitQuantType: option(z.enum(["nf4"]).default("nf4"), {
    group: ADAPTER,
    description: "Number format of load_in_4bit: quantiles of a normal distribution.",
  }),
  useBnbNestedQuant: option(z.boolean().default(false), {
    group: ADAPTER,
    description: "Whether the scales of load_in_4bit are quantised too (double quantisation).",
  }),

  bf16: option(z.union([z.literal("auto"), z.boolean()]).default("auto"), {
    group: PRECISION,
    description:
      "Whether matrix multiplications run in bfloat16, with float32 master weights; auto uses it where the " +
      "machine computes in bfloat16 natively.",
  }),
  saveDtype: option(z.enum(["auto", "float32", "bfloat16", "float16"]).default("auto"), {
    group: PRECISION,
    description: "Number format of the finished weights; auto is the base model's.",
  }),
  headChunkBytes: option(
    z
      .int()
      .min(1024)
      .max(2 ** 40)
      .default(67_108_864),
    {
      group: PRECISION,
      unit: "bytes",
      description:
        "Largest block of logits held at once; smaller saves memory, larger may save time. A block has the logits of one token " +
        "at least, whatever this says.",
    },
  ),
  gradientCheckpointing: option(z.boolean().default(true), {
    group: PRECISION,
    description:
      "Whether only each layer's input is kept for the backward pass, which then computes the layer again: less " +
      "memory for about a third more work, and the same gradients.",
  }),
  device: option(
    z
      .string()
      .regex(/^(auto|cpu|cuda(:\d{1,3})?)$/)
      .default("auto"),
    {
      group: PRECISION,
      placeholder: "auto|cpu|cuda|cuda:N",
      expected: "auto, cpu, cuda or cuda:N",
      description: "Where to compute; auto takes the first GPU if there is one.",
    },
  ),
  numThreads: option(z.int().min(1).max(4096).nullable().default(null), {
    group: PRECISION,
    unit: "threads",
    description: "CPU threads of libtorch. Null means all cores that this process may use.",
  }),
  seed: option(z.int().min(0).max(4_294_967_295).default(42), {
    group: PRECISION,
    description: "Decides the order of the rows and every random draw.",
  }),

  skipNonfiniteSteps: option(z.int().min(0).max(LARGEST_COUNT).default(0), {
    group: PROGRESS,
    unit: "optimizer steps",
    description:
      "How many steps of a run may have a loss or a gradient that is NaN or infinite: such a step makes no update. " +
      "The next one ends the run.",
  }),
  lossWatchdogThreshold: option(z.number().gt(0).max(1e9).nullable().default(null), {
    group: PROGRESS,
    expected: "a number above 0 and at most 1000000000, or null",
    description:
      "Ends the run where the negative log-likelihood of a step's tokens is above this for loss_watchdog_patience steps " +
      "in a row; twice that of the first steps is a good value. Null: never.",
  }),
  lossWatchdogPatience: option(z.int().min(1).max(LARGEST_COUNT).default(3), {
    group: PROGRESS,
    unit: "optimizer steps",
    description: "Steps in a row above loss_watchdog_threshold that end the run.",
  }),
  loggingSteps: option(interval().default(10), {
    group: PROGRESS,
    unit: "optimizer steps",
    expected: INTERVAL,
    description: "How often a line is written to metrics.jsonl; a number below 1 is a share of all steps.",
  }),
  loggingFirstStep: option(z.boolean().default(false), {
    group: PROGRESS,
    description: "Whether a line is written for the first step too.",
  }),
  evalStrategy: option(z.enum(["no", "steps", "epoch"]).default("no"), {
    group: PROGRESS,
    description: "When eval_dataset is evaluated: never, every eval_steps, or after each epoch.",
  }),
  evalSteps: option(interval().nullable().default(null), {
    group: PROGRESS,
    unit: "optimizer steps",
    expected: `${INTERVAL}, or null`,
    description:
      "How often to evaluate with eval_strategy steps; a number below 1 is a share of all steps. Null means logging_steps.",
  }),
  evalOnStart: option(z.boolean().default(false), {
    group: PROGRESS,
    description: "Whether the model is evaluated before the first step too.",
  }),
  evalPrompts: option(z.array(z.string().min(1)).max(64).default([]), {
    group: PROGRESS,
    placeholder: "TEXT|FILE.txt|FILE.jsonl",
    expected: "up to 64 texts, or names of files that end in .txt (a prompt a line) or .jsonl",
    description:
      "Prompts that the model continues at each evaluation, most probable token by most probable token, into " +
      "samples.jsonl. A .jsonl file has rows {prompt} or {messages}, which the chat template renders.",
  }),
  evalMaxNewTokens: option(z.int().min(1).max(4096).default(128), {
    group: PROGRESS,
    unit: "tokens",
    description: "Longest continuation of a prompt of eval_prompts.",
  }),
  tokenTraceRows: option(z.int().min(0).max(64).default(2), {
    group: PROGRESS,
    unit: "rows",
    description:
      "How many evaluation rows (training rows where there are none), the first ones, are written token by token to " +
      "tokens.jsonl at each evaluation: probability, reward, sampled tokens.",
  }),
  tokenTraceSteps: option(interval().nullable().default(null), {
    group: PROGRESS,
    unit: "optimizer steps",
    expected: `${INTERVAL}, or null`,
    description:
      "How often they are written instead; a number below 1 is a share of all steps. Null means at each evaluation.",
  }),
  profile: option(z.boolean().default(false), {
    group: PROGRESS,
    description:
      "Whether to write profile.json, for ui.perfetto.dev and chrome://tracing: where the time of a few steps " +
      "after the first goes. The summary tells which share is spent outside of libtorch.",
  }),
  perDeviceEvalBatchSize: option(z.int().min(1).max(LARGEST_COUNT).default(8), {
    group: PROGRESS,
    unit: "rows",
    description: "Rows in one forward pass of evaluation.",
  }),

  saveStrategy: option(z.enum(["no", "steps", "epoch", "best"]).default("steps"), {
    group: CHECKPOINTS,
    description:
      "When a checkpoint is saved: never, every save_steps, after each epoch, or after each evaluation that is the best " +
      "so far. An interrupted run saves one whatever stands here.",
  }),
  saveSteps: option(
    z
      .number()
      .gt(0)
      .max(LARGEST_COUNT)
      .refine((steps) => steps < 1 || Number.isInteger(steps))
      .default(500),
    {
      group: CHECKPOINTS,
      unit: "optimizer steps",
      expected: "a whole number of steps, or a number between 0 and 1 (a share of all steps)",
      description: "How often with save_strategy steps; a number below 1 is a share of all steps.",
    },
  ),
  saveMinutes: option(z.number().gt(0).max(1_000_000).nullable().default(null), {
    group: CHECKPOINTS,
    unit: "minutes",
    description:
      "Saves a checkpoint also when so much time has passed since the last. Null means: by steps alone.",
  }),
  saveTotalLimit: option(z.int().min(1).max(LARGEST_COUNT).nullable().default(null), {
    group: CHECKPOINTS,
    unit: "checkpoints",
    description:
      "How many checkpoints of a run stay, the latest; older ones are removed once a new one is complete, but never " +
      "the best. Null keeps all.",
  }),
  saveOnlyModel: option(z.boolean().default(false), {
    group: CHECKPOINTS,
    description:
      "Whether checkpoints hold the model alone: a third of the space or less, but training cannot go on from them. " +
      "What an interrupted or failed run saves is whole all the same.",
  }),
  loadBestModelAtEnd: option(z.boolean().default(false), {
    group: CHECKPOINTS,
    description:
      "Whether the finished model is that of the best evaluation instead of the last step. A checkpoint is saved then " +
      "whenever an evaluation is the best so far.",
  }),
  metricForBestModel: option(z.string().min(1).nullable().default(null), {
    group: CHECKPOINTS,
    placeholder: "METRIC",
    description:
      "What decides which evaluation is best, such as eval_mean_token_accuracy. Null means eval_loss, of the first set where there are several.",
  }),
  greaterIsBetter: option(z.boolean().nullable().default(null), {
    group: CHECKPOINTS,
    description: "Whether more of that metric is better. Null means: unless its name ends with loss.",
  }),
  earlyStoppingPatience: option(z.int().min(1).max(LARGEST_COUNT).nullable().default(null), {
    group: CHECKPOINTS,
    unit: "evaluations",
    description: "Ends the run when so many evaluations in a row were not the best. Null never does.",
  }),
  earlyStoppingThreshold: option(z.number().min(0).max(1e9).default(0), {
    group: CHECKPOINTS,
    description: "By how much an evaluation must be better to count for early_stopping_patience.",
  }),
  resumeFromCheckpoint: option(z.union([z.boolean(), z.string().min(1)]).default(false), {
    group: CHECKPOINTS,
    placeholder: "true|auto|FOLDER",
    expected: "true, false, auto, or a checkpoint's folder",
    description:
      "Goes on from a checkpoint: the newest valid one in output_dir (true), the same or else from the start (auto), or that " +
      "of a folder. The result is that of a run which was never stopped.",
  }),
  resumeAllowChanges: option(z.array(z.string().min(1)).default([]), {
    group: CHECKPOINTS,
    placeholder: "NAME,...",
    commas: true,
    expected: "names such as learning_rate or dataset, as the refusal gives them",
    description:
      "What may differ from the run that saved the checkpoint; any other change that decides on the result is refused.",
  }),
  overwriteOutputDir: option(z.boolean().default(false), {
    group: CHECKPOINTS,
    description:
      "Whether a run may start afresh where an unfinished one has left checkpoints, which are removed.",
  }),
  reportTo,
  runName,
  project,

  pushToHub: option(z.boolean().default(false), {
    group: UPLOAD,
    description: "Whether the finished model is uploaded, with a model card made from run.json.",
  }),
  hubModelId,
  hubPrivateRepo,
});

/** Every option of training with its value, before the derived ones are filled in. */
export type TrainValues = z.output<typeof trainOptions>;

/** What a caller of the library may write: the options in camelCase, those with a default optional. */
export type TrainInput = z.input<typeof trainOptions>;

/**
 * The checked, complete configuration of a training run.
 *
 * - `warmupSteps` holds the warm-up whichever of the two options it was given in (below 1: a share).
 * - `optim` is `adamw_torch_fused` where its other name was given.
 * - `shuffleDataset` and `trainSamplingStrategy` agree.
 * - `usePeft` is true where an adapter is named.
 * - `metricForBestModel` and `greaterIsBetter` are set exactly when there are evaluation rows.
 * - `evalSteps` is a number exactly when `evalStrategy` is `steps`.
 * - `reportTo` holds the names of loggers, without `all` and `none`.
 * - `evalDataset` names rows only when `evalStrategy` is not `no`, and then unless `evalPrompts` are all that is asked for.
 */
export interface TrainConfig extends Omit<TrainValues, "warmupRatio" | "numThreads" | "optim" | "reportTo"> {
  readonly optim: Exclude<TrainValues["optim"], "adamw_torch">;
  readonly numThreads: number;
  readonly reportTo: LoggerName[];
}
