/** @file A task as its YAML file describes it: the schema of lm-evaluation-harness, as far as it is understood here. */
import { z } from "zod";
import { closest } from "../config/closest.js";
import { DataError } from "../errors.js";

/** `!function NAME` in a YAML file: a function of the task's, of which this program has its own port. */
export class FunctionName {
  constructor(readonly name: string) {}

  toJSON(): string {
    return this.name;
  }
}

const named = z.instanceof(FunctionName);
const field = z.union([z.string(), z.int(), named]);
const choices = z.union([z.string(), z.array(z.string()), named]);
const documents = z.array(z.record(z.string(), z.unknown()));

const metric = z.looseObject({
  metric: z.union([z.string(), named]),
  aggregation: z.union([z.string(), named]).optional(),
  higher_is_better: z.boolean().optional(),
});

const filter = z.looseObject({ function: z.string() });

const generation = z.strictObject({
  until: z.union([z.string(), z.array(z.string())]).optional(),
  max_gen_toks: z.int().min(1).optional(),
  do_sample: z.boolean().optional(),
  temperature: z.number().min(0).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  min_p: z.number().min(0).max(1).optional(),
});

const fewShot = z.strictObject({
  sampler: z.enum(["default", "first_n"]).default("default"),
  split: z.string().nullable().optional(),
  process_docs: named.nullable().optional(),
  fewshot_indices: z.array(z.int().min(0)).nullable().optional(),
  samples: documents.nullable().optional(),
  doc_to_text: field.optional(),
  doc_to_choice: choices.optional(),
  doc_to_target: field.optional(),
  gen_prefix: z.string().nullable().optional(),
  fewshot_delimiter: z.string().optional(),
  target_delimiter: z.string().optional(),
});

const split = z.string().min(1).nullable().default(null);

/** The fields of a task. Those of the harness that are not here are refused, and so is every name that is none. */
const taskSchema = z.strictObject({
  task: z.string().min(1),
  task_alias: z.string().nullable().default(null),
  tag: z
    .union([z.string(), z.array(z.string())])
    .nullable()
    .default(null),
  dataset_path: z.string().min(1),
  dataset_name: z.string().min(1).nullable().default(null),
  dataset_kwargs: z
    .strictObject({
      data_files: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
      /** Of text files: a row is a line, or the whole file. */
      sample_by: z.enum(["line", "document"]).optional(),
      trust_remote_code: z.boolean().optional(),
    })
    .nullable()
    .default(null),
  training_split: split,
  validation_split: split,
  test_split: split,
  fewshot_split: split,
  process_docs: named.nullable().default(null),
  doc_to_text: field,
  doc_to_target: field,
  doc_to_choice: choices.nullable().default(null),
  process_results: named.nullable().default(null),
  unsafe_code: z.boolean().default(false),
  description: z.string().default(""),
  target_delimiter: z.string().default(" "),
  fewshot_delimiter: z.string().default("\n\n"),
  fewshot_config: fewShot.nullable().default(null),
  num_fewshot: z.int().min(0).default(0),
  metric_list: z.array(metric).min(1),
  output_type: z
    .enum(["generate_until", "multiple_choice", "loglikelihood_rolling"])
    .default("generate_until"),
  generation_kwargs: generation.nullable().default(null),
  repeats: z.int().min(1).max(1000).default(1),
  filter_list: z
    .array(z.strictObject({ name: z.string().min(1), filter: z.array(filter).min(1) }))
    .nullable()
    .default(null),
  should_decontaminate: z.boolean().default(false),
  doc_to_decontamination_query: z.string().nullable().default(null),
  gen_prefix: z.string().nullable().default(null),
  metadata: z
    .looseObject({
      version: z.union([z.number(), z.string()]).optional(),
      /** The column that says which rows belong together; the harness passes over it. */
      cluster: z.string().min(1).optional(),
    })
    .nullable()
    .default(null),
});

const groupSchema = z.strictObject({
  group: z.string().min(1),
  group_alias: z.string().nullable().default(null),
  task: z.array(z.string().min(1)).min(1),
  aggregate_metric_list: z
    .array(
      z.strictObject({
        metric: z.string().min(1),
        aggregation: z.literal("mean").default("mean"),
        weight_by_size: z.boolean().default(true),
        filter_list: z
          .union([z.string(), z.array(z.string())])
          .nullable()
          .default(null),
      }),
    )
    .nullable()
    .default(null),
  metadata: z
    .looseObject({ version: z.union([z.number(), z.string()]).optional() })
    .nullable()
    .default(null),
});

/** A task, with its defaults filled in. The names are those of its file. */
export type TaskConfig = z.output<typeof taskSchema>;
/** How examples are chosen and written. */
export type FewShotConfig = z.output<typeof fewShot>;
/** A metric of a task, with its own settings. */
export type MetricConfig = z.output<typeof metric>;
/** A step of a pipeline of filters, with its own settings. */
export type FilterConfig = z.output<typeof filter>;
/** How answers are generated. */
export type GenerationSettings = z.output<typeof generation>;
/** Several tasks under one name. */
export type GroupConfig = z.output<typeof groupSchema>;

/** Fields of the harness that ask for what is not here. */
const UNSUPPORTED = new Map([
  ["class", "the task is a Python class"],
  ["custom_dataset", "its data set is made by Python"],
  ["doc_to_image", "it has images"],
  ["doc_to_audio", "it has sounds"],
  ["use_prompt", "its prompt comes from Promptsource"],
]);

/** Fields that are objects. */
const NESTED = new Map<string, z.ZodObject>([
  ["generation_kwargs", generation],
  ["fewshot_config", fewShot],
]);

/**
 * Checks what a YAML file holds.
 *
 * @param file what errors call it
 * @throws {DataError} `TASK_INVALID` with everything that is wrong in the file
 */
export function parseTaskConfig(
  file: string,
  content: Readonly<Record<string, unknown>>,
): TaskConfig | GroupConfig {
  return "group" in content ? checked(file, groupSchema, content) : checked(file, taskSchema, content);
}

function checked<Schema extends z.ZodObject>(
  file: string,
  schema: Schema,
  content: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownField(key, schema, issue.path))
      : [`${issue.path.join(".") || "the file"}: ${issue.message}${found(content, issue.path)}`],
  );
  throw new DataError(
    "TASK_INVALID",
    `${file} is no task that can be run here:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
  );
}

function unknownField(key: string, schema: z.ZodObject, path: readonly PropertyKey[]): string {
  const where = [...path, key].join(".");
  const unsupported = path.length === 0 ? UNSUPPORTED.get(key) : undefined;
  if (unsupported !== undefined) return `${where}: is not supported (${unsupported})`;
  const fields = path.length === 0 ? schema.shape : NESTED.get(path.join("."))?.shape;
  const meant = closest(key, Object.keys(fields ?? {}));
  return `${where}: there is no such field${meant === null ? "; remove it" : `; did you mean ${meant}?`}`;
}

function found(content: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (part, key) => (typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined),
    content,
  );
  return value === undefined ? "" : `; found ${JSON.stringify(value)?.slice(0, 80)}`;
}
