/** @file The options of `otr evaluate`: types, checks, defaults and help in one place. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { checkTextFile, checkWrittenFolder } from "./check-paths.js";
import { checkAdapter, checkModelOrAdapter, revisionOfLocalModel } from "./check-model.js";
import { generateOptions } from "./generate-options.js";
import { modelRevision } from "./hub-options.js";
import { LARGEST_COUNT } from "./largest-count.js";
import type { Mistake, OptionSet } from "./option-set.js";
import { option } from "./option-text.js";
import { tooManyThreads } from "./thread-limit.js";

const MODEL = "Model";
const TASKS = "Tasks and their data";
const PROMPTS = "Prompts";
const ANSWERS = "Answers";
const RESULTS = "Results";

/** Options of an evaluation as they are written. The names are lm-evaluation-harness's where it has them. */
export const evaluateOptions = z.strictObject({
  model: option(z.string().min(1).nullable().default(null), {
    group: MODEL,
    placeholder: "MODEL",
    description:
      "The model: a folder of it or of a LoRA adapter, for example the output_dir of a training run, a GGUF file, or its id " +
      "on the Hugging Face Hub. With predictions it is only needed for its chat template.",
  }),
  adapterNameOrPath: option(z.string().min(1).nullable().default(null), {
    group: MODEL,
    placeholder: "FOLDER|ORG/NAME",
    description: "A LoRA adapter of the model.",
  }),
  modelRevision: modelRevision(MODEL),

  tasks: option(z.array(z.string().regex(/[^,\s]/)).min(1), {
    group: TASKS,
    expected: "names of tasks or groups, or paths of YAML files",
    description:
      "What to evaluate: names of tasks or groups, or paths of YAML files, with commas between them or the option repeated.",
  }),
  includePath: option(z.string().min(1).nullable().default(null), {
    group: TASKS,
    placeholder: "FOLDER",
    description: "A folder with tasks of your own, YAML files in lm-evaluation-harness's schema.",
  }),
  taskData: option(z.array(z.string().regex(/^[^=]+=.+$/s)).default([]), {
    group: TASKS,
    placeholder: "NAME[:SPLIT]=FILE",
    expected: "NAME=FILE or NAME:SPLIT=FILE",
    description:
      "A local file or folder in place of a data set: of a task, of a group, or of the data set's id on the Hub; repeat the " +
      "option for several. Without a split a file is the one that is evaluated.",
  }),
  limit: option(z.number().gt(0).max(LARGEST_COUNT).nullable().default(null), {
    group: TASKS,
    expected: "a whole number, or a share below 1",
    description: "Evaluate only the first rows of each task: so many, or a share of them below 1.",
  }),

  numFewshot: option(z.int().min(0).max(1000).nullable().default(null), {
    group: PROMPTS,
    unit: "examples",
    description: "Examples in each prompt. Null means as many as each task says.",
  }),
  applyChatTemplate: option(z.boolean().default(false), {
    group: PROMPTS,
    description: "Whether prompts are conversations, written by the model's chat template.",
  }),
  fewshotAsMultiturn: option(z.boolean().nullable().default(null), {
    group: PROMPTS,
    description:
      "Whether examples are turns of the conversation; otherwise they stand in the user's turn. Null means yes with " +
      "apply_chat_template.",
  }),
  systemInstruction: option(z.string().min(1).nullable().default(null), {
    group: PROMPTS,
    placeholder: "TEXT",
    description: "The system turn; without a chat template, the text in front of each prompt.",
  }),
  seed: option(z.int().min(0).max(4_294_967_295).default(1234), {
    group: PROMPTS,
    description: "Decides which examples are drawn, and the draws of sampled answers.",
  }),

  predictions: option(z.string().min(1).nullable().default(null), {
    group: ANSWERS,
    placeholder: "FILE.jsonl",
    description:
      "Answers to score in place of a model's: a line {doc_id, output} for each row (of multiple choice: the choice's number from 0, " +
      "its text, or the log-likelihoods of all), with task where there are several tasks, and " +
      'finish_reason ("length" where the limit of tokens cut it) where it is known.',
  }),
  eosString: option(z.string().min(1).nullable().default(null), {
    group: ANSWERS,
    placeholder: "TEXT",
    description: "Where predictions end besides the stop strings of the task: the end token's text.",
  }),
  genKwargs: option(
    z
      .strictObject({
        maxGenToks: z.int().min(1).max(LARGEST_COUNT).optional(),
        temperature: z.number().min(0).max(1000).optional(),
        topP: z.number().gt(0).max(1).optional(),
        topK: z.int().min(0).max(LARGEST_COUNT).optional(),
        minP: z.number().min(0).max(1).optional(),
      })
      .default({}),
    {
      group: ANSWERS,
      placeholder: "NAME=VALUE,...",
      expected: "max_gen_toks, temperature, top_p, top_k or min_p, such as max_gen_toks=1024",
      description:
        "What to change of each task's settings of generation: max_gen_toks (256 where a task says nothing), temperature (0: " +
        "greedy), top_p, top_k, min_p.",
    },
  ),
  batchSize: option(z.int().min(1).max(LARGEST_COUNT).default(32), {
    group: ANSWERS,
    unit: "prompts",
    description: "Prompts computed together.",
  }),
  confirmRunUnsafeCode: option(z.boolean().default(false), {
    group: ANSWERS,
    description:
      "Whether programs that the model wrote may be run, in the sandbox; HF_ALLOW_CODE_EVAL=1 is needed too.",
  }),

  outputPath: option(z.string().min(1).nullable().default(null), {
    group: RESULTS,
    placeholder: "FOLDER",
    description:
      "Where results_*.json and samples_*.jsonl are written. Null means the folder eval in that of the model, or of the adapter, " +
      "where it is a local one; else nothing is written.",
  }),
  logSamples: option(z.boolean().default(true), {
    group: RESULTS,
    description: "Whether prompts, answers and scores of each row are written.",
  }),

  dtype: generateOptions.shape.dtype,
  device: generateOptions.shape.device,
  numThreads: generateOptions.shape.numThreads,
});

type EvaluateValues = z.output<typeof evaluateOptions>;

/** The checked, complete configuration of an evaluation. */
export interface EvaluateConfig extends EvaluateValues {
  readonly fewshotAsMultiturn: boolean;
  readonly numThreads: number;
  /** Null: nothing is written. */
  readonly outputPath: string | null;
}

/** The options of `otr evaluate` with their rules. */
export const evaluateOptionSet: OptionSet<typeof evaluateOptions, EvaluateConfig> = {
  schema: evaluateOptions,
  readsFile: true,
  alternatives: [],
  paths: {
    model: checkModelOrAdapter,
    adapterNameOrPath: checkAdapter,
    predictions: checkPredictions,
    outputPath: checkWrittenFolder,
  },
  bareArgument: "tasks",
  rules(values, name) {
    const mistakes: Mistake[] = [...tooManyThreads("numThreads", values.numThreads)];
    const { model, predictions, limit } = values;
    if (model === null) {
      if (predictions === null || values.applyChatTemplate) {
        mistakes.push({
          key: "model",
          message:
            predictions === null
              ? `is missing. Name a model, or give stored answers as ${name("predictions")}.`
              : `is missing. Its chat template is needed with ${name("applyChatTemplate")}.`,
        });
      }
    } else mistakes.push(...revisionOfLocalModel("model", model, values.modelRevision));
    mistakes.push(...limitMistakes(limit));
    if (values.fewshotAsMultiturn === true && !values.applyChatTemplate) {
      mistakes.push({
        key: "fewshotAsMultiturn",
        withoutEffectBecauseOf: "applyChatTemplate",
        message: `has no effect with ${name("applyChatTemplate")} false. Remove it, or set ${name("applyChatTemplate")} to true.`,
      });
    }
    if (values.eosString !== null && predictions === null) {
      mistakes.push({
        key: "eosString",
        message: `has no effect without ${name("predictions")}: a model's answers end with its end token. Remove it.`,
      });
    }
    return mistakes;
  },
  complete: (values) => ({
    ...values,
    tasks: values.tasks
      .flatMap((names) => names.split(","))
      .map((task) => task.trim())
      .filter((task) => task !== ""),
    fewshotAsMultiturn: values.fewshotAsMultiturn ?? values.applyChatTemplate,
    outputPath: values.outputPath ?? folderOfResults(values),
    numThreads: values.numThreads ?? availableParallelism(),
  }),
};

/** What is wrong with a number of rows. */
export function limitMistakes(limit: number | null): Mistake[] {
  if (limit === null || limit < 1 || Number.isInteger(limit)) return [];
  return [{ key: "limit", message: `found ${limit}, but needs a whole number, or a share below 1.` }];
}

/** The place for the results of a model that lies in a folder of its own. */
function folderOfResults({ model, adapterNameOrPath }: EvaluateValues): string | null {
  const folder = adapterNameOrPath ?? model;
  const marks = ["config.json", "adapter_config.json"];
  if (folder === null || !marks.some((mark) => existsSync(join(folder, mark)))) return null;
  return join(folder, "eval");
}

function checkPredictions(file: string): string | null {
  return existsSync(file)
    ? checkTextFile(file)
    : `${file} does not exist. Give a file of JSON lines {doc_id, output}.`;
}
