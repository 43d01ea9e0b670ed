/** @file The options of `otr generate`: types, checks, defaults and help in one place. */
import { availableParallelism } from "node:os";
import { z } from "zod";
import { checkAdapter, checkModelOrAdapter, revisionOfLocalModel } from "./check-model.js";
import { modelRevision } from "./hub-options.js";
import { LARGEST_COUNT } from "./largest-count.js";
import type { OptionSet } from "./option-set.js";
import { option } from "./option-text.js";
import { tooManyThreads } from "./thread-limit.js";

const MODEL_AND_PROMPTS = "Model and prompts";
const SAMPLING = "Sampling";
const MACHINE = "Machine";

/** Options of generation as they are written. */
export const generateOptions = z.strictObject({
  model: option(z.string().min(1), {
    group: MODEL_AND_PROMPTS,
    placeholder: "MODEL",
    description:
      "The model: a folder of it or of a LoRA adapter, for example the output_dir of a training run, a GGUF file, or its id " +
      "on the Hugging Face Hub.",
  }),
  adapterNameOrPath: option(z.array(z.string().min(1)).default([]), {
    group: MODEL_AND_PROMPTS,
    placeholder: "FOLDER|ORG/NAME",
    expected: "folders or Hub ids of adapters",
    description:
      "LoRA adapters of the model; repeat the option to continue each prompt with several in turn.",
  }),
  modelRevision: modelRevision(MODEL_AND_PROMPTS),
  prompt: option(z.array(z.string().min(1)).min(1), {
    group: MODEL_AND_PROMPTS,
    expected: "one text or several, none of them empty",
    description: "Text to continue; repeat the option for several prompts.",
  }),
  applyChatTemplate: option(z.boolean().default(false), {
    group: MODEL_AND_PROMPTS,
    description:
      "Whether each prompt is a user's turn: the model's chat template writes it, and the text is the assistant's answer.",
  }),
  systemPrompt: option(z.string().min(1).nullable().default(null), {
    group: MODEL_AND_PROMPTS,
    placeholder: "TEXT",
    description: "The system turn in front of the user's, with apply_chat_template.",
  }),

  maxNewTokens: option(z.int().min(1).max(LARGEST_COUNT).default(256), {
    group: SAMPLING,
    unit: "tokens",
    description: "Longest continuation.",
  }),
  numReturnSequences: option(z.int().min(1).max(LARGEST_COUNT).default(1), {
    group: SAMPLING,
    description:
      "Continuations of each prompt, drawn one apart from the other; more than 1 need a temperature above 0.",
  }),
  temperature: option(
    z
      .number()
      .min(0)
      .max(1000)
      .refine((temperature) => temperature === 0 || temperature >= 1e-3)
      .default(0),
    {
      group: SAMPLING,
      expected: "0 (greedy) or a number from 0.001 to 1000",
      description: "Randomness of the choice; 0 always takes the likeliest token (greedy).",
    },
  ),
  topK: option(z.int().min(0).max(LARGEST_COUNT).default(0), {
    group: SAMPLING,
    unit: "tokens",
    description: "Choose among this many likeliest tokens; 0 means all.",
  }),
  topP: option(z.number().gt(0).max(1).default(1), {
    group: SAMPLING,
    description: "Choose among the likeliest tokens that together reach this probability.",
  }),
  minP: option(z.number().min(0).max(1).default(0), {
    group: SAMPLING,
    description: "Leave out tokens less probable than this share of the likeliest token's probability.",
  }),
  repetitionPenalty: option(z.number().min(0.01).max(1_000_000).default(1), {
    group: SAMPLING,
    description: "Above 1 makes tokens that occurred already less likely.",
  }),
  stop: option(z.array(z.string().min(1)).default([]), {
    group: SAMPLING,
    expected: "one text or several, none of them empty",
    description: "End the continuation before this text; repeat the option for several.",
  }),
  seed: option(z.int().min(0).max(4_294_967_295).default(42), {
    group: SAMPLING,
    description: "Decides every random draw.",
  }),

  dtype: option(z.enum(["auto", "float32", "bfloat16", "float16"]).default("auto"), {
    group: MACHINE,
    description: "Number format of the computation; auto is the format in which the weights are stored.",
  }),
  device: option(
    z
      .string()
      .regex(/^(auto|cpu|cuda(:\d{1,3})?)$/)
      .default("auto"),
    {
      group: MACHINE,
      placeholder: "auto|cpu|cuda|cuda:N",
      expected: "auto, cpu, cuda or cuda:N",
      description: "Where to compute; auto takes the first GPU if there is one.",
    },
  ),
  numThreads: option(z.int().min(1).max(4096).nullable().default(null), {
    group: MACHINE,
    unit: "threads",
    description: "CPU threads of libtorch. Null means all cores that this process may use.",
  }),
});

type GenerateValues = z.output<typeof generateOptions>;

/** Several continuations that could not differ: transformers refuses them too. */
export function equalContinuations(
  { temperature, numReturnSequences }: Pick<GenerateValues, "temperature" | "numReturnSequences">,
  name: (option: string) => string,
): { readonly key: "numReturnSequences"; readonly message: string }[] {
  if (temperature > 0 || numReturnSequences === 1) return [];
  const message =
    `is ${numReturnSequences}, but with ${name("temperature")} 0 all continuations of a prompt are the same. Set it to 1, or ` +
    `raise ${name("temperature")}.`;
  return [{ key: "numReturnSequences", message }];
}

/** The checked, complete configuration of a generation. */
export interface GenerateConfig extends GenerateValues {
  readonly numThreads: number;
}

/** The options of `otr generate` with their rules. */
export const generateOptionSet: OptionSet<typeof generateOptions, GenerateConfig> = {
  schema: generateOptions,
  readsFile: true,
  alternatives: [],
  paths: { model: checkModelOrAdapter, adapterNameOrPath: checkAdapter },
  bareArgument: "prompt",
  rules(values, name) {
    const mistakes = [
      ...revisionOfLocalModel("model", values.model, values.modelRevision),
      ...tooManyThreads("numThreads", values.numThreads),
      ...equalContinuations(values, name),
    ];
    if (values.systemPrompt !== null && !values.applyChatTemplate) {
      mistakes.push({
        key: "systemPrompt",
        withoutEffectBecauseOf: "applyChatTemplate",
        message:
          `has no effect with ${name("applyChatTemplate")} false, where prompts are continued as they are. Remove it, or ` +
          `set ${name("applyChatTemplate")} to true.`,
      });
    }
    if (values.temperature !== 0) return mistakes;
    const filters: readonly (readonly [key: "topK" | "topP" | "minP", off: number])[] = [
      ["topK", 0],
      ["topP", 1],
      ["minP", 0],
    ];
    const changed = filters.filter(([key, off]) => values[key] !== off);
    for (const [key] of changed) {
      mistakes.push({
        key,
        withoutEffectBecauseOf: "temperature",
        message:
          `has no effect with ${name("temperature")} 0, which always takes the likeliest token. ` +
          `Remove it, or raise ${name("temperature")}.`,
      });
    }
    return mistakes;
  },
  complete: (values) => ({ ...values, numThreads: values.numThreads ?? availableParallelism() }),
};
