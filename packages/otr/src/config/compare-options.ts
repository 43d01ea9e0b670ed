/** @file The options of `otr compare`: what is compared, at which cost, and how it is measured. */
import { availableParallelism } from "node:os";
import { z } from "zod";
import { checkOutputFolder } from "./check-paths.js";
import {
  trainLayersMistakes,
  trainOptionKeys,
  trainOptionNameMistakes,
  type WrittenTrainOptions,
} from "./compared-train-options.js";
import { type DatasetOption, datasetOption } from "./dataset-sources.js";
import { evaluateOptions, limitMistakes } from "./evaluate-options.js";
import { optionName } from "./option-name.js";
import type { Mistake, NameWriter, OptionSet } from "./option-set.js";
import { option } from "./option-text.js";

const COMPARED = "What is compared";
const COST = "Cost";
const MEASURED = "What is measured";
const RUNS = "Runs";

/** A part of folder names and headings; it begins with a letter, so that names keep the order of the file. */
const comparedName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.+-]{0,39}$/);
const NAMES = "names of up to 40 letters, digits and _ . + - that begin with a letter";

const taskList = z.array(z.string().min(1)).max(100);
const taskRoles = z.strictObject({
  validation: taskList.optional(),
  in_domain: taskList.optional(),
  out_of_domain: taskList.optional(),
  forgetting: taskList.optional(),
});
type WrittenTasks = z.output<typeof taskRoles>;

/** Options of a comparison as they are written. */
export const compareOptions = z.strictObject({
  models: option(z.record(comparedName, z.string().min(1)), {
    group: COMPARED,
    placeholder: "JSON",
    expected: `an object of ${NAMES}, each with a model: {base: FOLDER}`,
    description: "Base models by a name of your choice, each as model_name_or_path of otr train takes it.",
  }),
  datasets: option(
    z.record(
      comparedName,
      z.union([datasetOption(), z.strictObject({ dataset: datasetOption(), tasks: taskRoles.optional() })]),
    ),
    {
      group: COMPARED,
      placeholder: "JSON",
      expected: `an object of ${NAMES}, each with rows ({math: rows.jsonl}) or with {dataset: rows.jsonl, tasks: {...}}`,
      description:
        "Training rows by a name of your choice, each as dataset of otr train takes them; with tasks of their own in the " +
        "place of those of tasks where they have some.",
    },
  ),
  objectives: option(z.record(comparedName, z.record(z.string(), z.unknown())), {
    group: COMPARED,
    placeholder: "JSON",
    expected: `an object of at least two ${NAMES}, each with options of otr train: {sft: {loss_type: nll}}`,
    description:
      "What is compared: options of otr train by a name of your choice, such as loss_type, otr_baseline or nll_coef.",
  }),
  learningRates: option(z.array(z.number().gt(0).max(1)).min(1).max(100), {
    group: COMPARED,
    placeholder: "LIST",
    expected: "a list of learning rates such as [1e-5, 3e-5, 1e-4]",
    description: "Learning rates that every objective tries, all of them the same ones.",
  }),
  seeds: option(z.array(z.int().min(0).max(4_294_967_295)).min(1).max(1000), {
    group: COMPARED,
    placeholder: "LIST",
    expected: "a list of whole numbers such as [1, 2, 3]",
    description:
      "Seeds with which each objective is repeated at its best learning rate. One seed cannot tell a difference from luck.",
  }),
  train: option(z.record(z.string(), z.unknown()).default({}), {
    group: COMPARED,
    placeholder: "JSON",
    expected: "an object with options of otr train",
    description: "Options of otr train that all runs have.",
  }),

  budget: option(
    z
      .union([
        z.strictObject({ tokens: z.int().min(1).max(1e15) }),
        z.strictObject({ seconds: z.number().gt(0).max(1e8) }),
      ])
      .nullable()
      .default(null),
    {
      group: COST,
      placeholder: "JSON",
      expected: "{tokens: COUNT}, {seconds: NUMBER} or null",
      description:
        "What each run may spend: trained tokens, or seconds of training as a short run of each objective measures them " +
        "beforehand on this machine. Null means the num_train_epochs or max_steps of train, the same for all.",
    },
  ),
  selection: option(
    z
      .strictObject({
        metric: z.enum(["task", "eval_loss"]).optional(),
        seeds: z.int().min(1).max(1000).optional(),
        tolerance: z.number().min(0).max(1).optional(),
      })
      .default({}),
    {
      group: COST,
      expected: "an object such as {metric: task, seeds: 1, tolerance: 0.01}",
      description:
        "How an objective's learning rate is chosen: the smallest whose mean score on the validation tasks is within tolerance " +
        "(default 0) of the best, over so many seeds (default 1) that follow the largest of seeds and judge nothing. metric eval_loss takes the negative log-likelihood of " +
        "train's eval_dataset instead, which favours supervised fine-tuning.",
    },
  ),

  tasks: option(taskRoles.default({}), {
    group: MEASURED,
    expected:
      "an object with lists of tasks: {validation: [...], in_domain: [...], out_of_domain: [...], forgetting: [...]}",
    description:
      "Tasks, as otr evaluate takes them (names, groups, or paths of YAML files): validation chooses learning rates and has other items than the rest; in_domain and " +
      "out_of_domain are what is compared; forgetting holds skills that the base model has already.",
  }),
  includePath: evaluateOptions.shape.includePath,
  taskData: evaluateOptions.shape.taskData,
  applyChatTemplate: evaluateOptions.shape.applyChatTemplate,
  systemInstruction: evaluateOptions.shape.systemInstruction,
  numFewshot: evaluateOptions.shape.numFewshot,
  limit: evaluateOptions.shape.limit,
  genKwargs: evaluateOptions.shape.genKwargs,
  dtype: evaluateOptions.shape.dtype,
  batchSize: evaluateOptions.shape.batchSize,
  confirmRunUnsafeCode: evaluateOptions.shape.confirmRunUnsafeCode,
  tokenRows: option(z.int().min(0).max(4096).default(64), {
    group: MEASURED,
    unit: "rows",
    description:
      "Training rows, the first ones, whose token probabilities are compared between the base model and each final run.",
  }),

  outputDir: option(z.string().min(1), {
    group: RUNS,
    placeholder: "FOLDER",
    description:
      "Where runs and report are written. Called again with the same folder, a comparison goes on where it stopped.",
  }),
  maxParallel: option(z.int().min(1).max(1024).default(1), {
    group: RUNS,
    unit: "runs",
    description:
      "How many runs go side by side. Each has its share of the processors unless train sets num_threads.",
  }),
  memoryBudget: option(
    z
      .number()
      .gt(0)
      .max(2 ** 20)
      .nullable()
      .default(null),
    {
      group: RUNS,
      unit: "GiB",
      description:
        "What runs side by side may hold together, as otr plan counts it; a run that needs more goes alone. Null means " +
        "what is available at the start.",
    },
  ),
  keepModels: option(z.boolean().default(true), {
    group: RUNS,
    description:
      "Whether runs keep their weights once they are measured; false removes them, and a run that a later change needs is " +
      "trained again.",
  }),
});

type CompareValues = z.output<typeof compareOptions>;

/** What a caller of the library may write: the options in camelCase, those with a default optional. */
export type CompareInput = z.input<typeof compareOptions>;

/** What a task tells of a model. */
export type TaskRole = "validation" | "inDomain" | "outOfDomain" | "forgetting";

/** Tasks by what they tell. */
export type TaskRoles = Readonly<Record<TaskRole, readonly string[]>>;

/** Rows to train on, with the tasks that go with them. */
export interface ComparedDataset {
  readonly dataset: DatasetOption;
  readonly tasks: TaskRoles;
}

/** How models are measured: options of `otr evaluate`. */
export interface EvaluationSettings {
  readonly includePath: string | null;
  readonly taskData: readonly string[];
  readonly applyChatTemplate: boolean;
  readonly systemInstruction: string | null;
  readonly numFewshot: number | null;
  readonly limit: number | null;
  readonly genKwargs: CompareValues["genKwargs"];
  readonly dtype: CompareValues["dtype"];
  readonly batchSize: number;
  readonly confirmRunUnsafeCode: boolean;
}

/** What each run may spend; null: what `train` says. */
export type Budget = { readonly tokens: number } | { readonly seconds: number } | null;

/** The checked configuration of a comparison. Names are those that the person chose, in their order. */
export interface CompareConfig {
  readonly models: ReadonlyMap<string, string>;
  readonly datasets: ReadonlyMap<string, ComparedDataset>;
  /** Options of `otr train` by their TypeScript names. */
  readonly objectives: ReadonlyMap<string, WrittenTrainOptions>;
  /** From the smallest to the largest. */
  readonly learningRates: readonly number[];
  readonly seeds: readonly number[];
  /** Options of `otr train` by their TypeScript names. */
  readonly train: WrittenTrainOptions;
  readonly budget: Budget;
  readonly selection: {
    readonly metric: "task" | "eval_loss";
    /** With which each learning rate is tried; none of them is among the seeds that judge. */
    readonly seeds: readonly number[];
    readonly tolerance: number;
  };
  readonly evaluation: EvaluationSettings;
  readonly tokenRows: number;
  readonly outputDir: string;
  readonly maxParallel: number;
  /** Bytes; null: what is available at the start. */
  readonly memoryBudget: number | null;
  readonly keepModels: boolean;
}

/** The options of `otr compare` with their rules. */
export const compareOptionSet: OptionSet<typeof compareOptions, CompareConfig> = {
  schema: compareOptions,
  readsFile: true,
  alternatives: [],
  paths: { outputDir: checkOutputFolder },
  rules: (values, name) => [
    ...repeatedValues(values),
    ...selectionRules(values, name),
    ...taskRules(values),
    ...limitMistakes(values.limit),
    ...trainRules(values, name),
  ],
  complete(values) {
    const { models, datasets, objectives, learningRates, memoryBudget, selection, train } = values;
    const { seeds, budget, tokenRows, outputDir, maxParallel, keepModels } = values;
    const { includePath, taskData, applyChatTemplate, systemInstruction } = values;
    const { numFewshot, limit, genKwargs, dtype, batchSize, confirmRunUnsafeCode } = values;
    const optionsOf = Object.entries(objectives).map(
      ([name, written]) => [name, trainOptionKeys(written)] as const,
    );
    return {
      models: new Map(Object.entries(models)),
      datasets: new Map(comparedDatasets(datasets, values.tasks)),
      objectives: new Map(optionsOf),
      learningRates: learningRates.toSorted((a, b) => a - b),
      train: { ...runDefaults(maxParallel), ...trainOptionKeys(train) },
      selection: {
        metric: selection.metric ?? "task",
        seeds: otherSeeds(seeds, selection.seeds ?? 1),
        tolerance: selection.tolerance ?? 0,
      },
      evaluation: {
        ...{ includePath, taskData, applyChatTemplate, systemInstruction },
        ...{ numFewshot, limit, genKwargs, dtype, batchSize, confirmRunUnsafeCode },
      },
      memoryBudget: memoryBudget === null ? null : memoryBudget * 2 ** 30,
      ...{ seeds, budget, tokenRows, outputDir, maxParallel, keepModels },
    };
  },
};

/** The seeds that follow the largest one, so that a rate is not judged by the luck that chose it. */
function otherSeeds(seeds: readonly number[], count: number): number[] {
  const others: number[] = [];
  for (let seed = Math.max(...seeds) + 1; others.length < count; seed++) {
    const next = seed % 2 ** 32;
    if (!seeds.includes(next)) others.push(next);
  }
  return others;
}

/** What a run of a comparison has unless `train` says otherwise. */
const runDefaults = (maxParallel: number): WrittenTrainOptions => ({
  numThreads: Math.max(1, Math.floor(availableParallelism() / maxParallel)),
});

function comparedDatasets(
  datasets: CompareValues["datasets"],
  tasks: WrittenTasks,
): [string, ComparedDataset][] {
  return Object.entries(datasets).map(([name, written]) => {
    if (typeof written === "string" || !("dataset" in written))
      return [name, { dataset: written, tasks: rolesOf(tasks) }];
    return [name, { dataset: written.dataset, tasks: rolesOf({ ...tasks, ...written.tasks }) }];
  });
}

const rolesOf = ({ validation, in_domain, out_of_domain, forgetting }: WrittenTasks): TaskRoles => ({
  validation: validation ?? [],
  inDomain: in_domain ?? [],
  outOfDomain: out_of_domain ?? [],
  forgetting: forgetting ?? [],
});

function repeatedValues({ learningRates, seeds, objectives, models, datasets }: CompareValues): Mistake[] {
  const mistakes: Mistake[] = [];
  const lists = { learningRates, seeds };
  for (const [key, values] of Object.entries(lists)) {
    if (new Set(values).size < values.length)
      mistakes.push({ key, message: "holds a value twice, which would be one run. Keep one of both." });
  }
  if (Object.keys(objectives).length === 1)
    mistakes.push({
      key: "objectives",
      message: "names one objective, so there is nothing to compare. Add another.",
    });
  for (const [key, named] of Object.entries({ models, datasets })) {
    if (typeof named === "object" && Object.keys(named).length === 0)
      mistakes.push({ key, message: "is empty. Name at least one." });
  }
  if (typeof objectives === "object" && Object.keys(objectives).length === 0)
    mistakes.push({ key: "objectives", message: "is empty. Name at least two." });
  return mistakes;
}

function selectionRules({ selection, train, learningRates }: CompareValues, name: NameWriter): Mistake[] {
  const mistakes: Mistake[] = [];
  const isTried = learningRates.length > 1;
  if (!isTried && Object.keys(selection).length > 0) {
    mistakes.push({
      key: "selection",
      others: ["learningRates"],
      message: `has no effect with one learning rate. Remove it, or add to ${name("learningRates")}.`,
    });
  }
  const { evalDataset, evalStrategy = "no" } = trainOptionKeys(train);
  if (selection.metric === "eval_loss" && (evalDataset == null || evalStrategy === "no")) {
    mistakes.push({
      key: "selection",
      others: ["train"],
      message: `metric eval_loss needs evaluation rows. Set eval_dataset and eval_strategy in ${name("train")}, or use metric task.`,
    });
  }
  return mistakes;
}

function taskRules(values: CompareValues): Mistake[] {
  const { datasets, tasks, selection, learningRates } = values;
  return comparedDatasets(datasets, tasks).flatMap(([dataset, { tasks: roles }]) => {
    const key = "tasks";
    const others = ["datasets", "selection", "learningRates"];
    const mistakes: Mistake[] = [];
    const { validation, inDomain, outOfDomain, forgetting } = roles;
    const isNeeded = learningRates.length > 1 && selection.metric !== "eval_loss";
    if (isNeeded && validation.length === 0) {
      const message = `holds no validation for the data set ${dataset}, so no learning rate could be chosen. Name tasks whose items are not those of the others.`;
      mistakes.push({ key, others, message });
    }
    if (inDomain.length + outOfDomain.length === 0) {
      const message = `holds neither in_domain nor out_of_domain for the data set ${dataset}, so nothing would be compared. Name tasks.`;
      mistakes.push({ key, others, message });
    }
    const all = [...validation, ...inDomain, ...outOfDomain, ...forgetting];
    const twice = all.find((task, at) => all.indexOf(task) !== at);
    if (twice !== undefined) {
      const message = `names ${twice} twice for the data set ${dataset}: what chooses a learning rate must not judge it, and each task tells one thing. Keep one.`;
      mistakes.push({ key, others, message });
    }
    return mistakes;
  });
}

/** Options of `train` on which the base model depends that all objectives begin with. */
const SAME_FOR_ALL = ["modelRevision", "adapterNameOrPath"];

/** Mistakes of `train` and `objectives`, and of the models and rows that runs would read. */
function trainRules(values: CompareValues, name: NameWriter): Mistake[] {
  const { models, datasets, objectives, outputDir, tasks, budget } = values;
  const train = trainOptionKeys(values.train);
  const hasBudget = budget !== null;
  const named = trainOptionNameMistakes(train, hasBudget).map(
    (message): Mistake => ({ key: "train", message }),
  );
  const optionsOf = Object.entries(objectives).map(
    ([objective, written]) => [objective, trainOptionKeys(written)] as const,
  );
  for (const [objective, written] of optionsOf) {
    const messages = [
      ...trainOptionNameMistakes(written, hasBudget),
      ...SAME_FOR_ALL.filter((key) => key in written).map(
        (key) =>
          `${optionName(key)} would let this objective begin with another model. Write it in ${name("train")}, for all.`,
      ),
    ];
    named.push(
      ...messages.map((message): Mistake => ({ key: "objectives", message: `${objective}: ${message}` })),
    );
  }
  if (named.length > 0) return named;

  const found = new Map<string, Mistake>();
  const report = (key: string, message: string) =>
    found.set(`${key} ${message}`, { key, others: OTHERS, message });
  for (const [modelName, modelNameOrPath] of Object.entries(models)) {
    for (const [datasetName, { dataset }] of comparedDatasets(datasets, tasks)) {
      for (const [objective, written] of optionsOf) {
        const own = { modelNameOrPath, dataset, outputDir: `${outputDir}/runs/run` };
        for (const { key, message } of trainLayersMistakes([train, written, own])) {
          if (key === "modelNameOrPath") report("models", `${modelName}: ${message}`);
          else if (key === "dataset") report("datasets", `${datasetName}: ${message}`);
          else if (key === "outputDir") report("outputDir", message);
          else if (key in written) report("objectives", `${objective}: ${optionName(key)} ${message}`);
          else
            report(
              "train",
              `${optionName(key)} ${message}${key in train ? "" : ` (${name("objectives")} ${objective})`}`,
            );
        }
      }
    }
  }
  return [...found.values()];
}

const OTHERS: readonly string[] = ["models", "datasets", "objectives", "train", "budget", "outputDir"];
