/** @file Which parts of a model an adapter changes. */
import { runInNewContext } from "node:vm";
import { closest } from "../config/closest.js";
import { formatValue } from "../config/format-value.js";
import { DataError } from "../errors.js";
import type { DecoderSpec } from "./decoder-spec.js";
import type { LoraConfig } from "./lora-config.js";
import { nameFew } from "./name-few.js";
import { embeddingName, headName, type ParameterSpec, parameterLayout } from "./parameter-layout.js";

/** A linear module with a pair of low-rank matrices. */
export interface LoraTarget {
  /** Such as `model.layers.0.self_attn.q_proj`. */
  readonly module: string;
  readonly outputs: number;
  readonly inputs: number;
}

/** What an adapter of a configuration changes. */
export interface LoraLayout {
  readonly targets: readonly LoraTarget[];
  /** Parameters that are trained whole. */
  readonly saved: readonly ParameterSpec[];
  /** Every parameter of the adapter, as {@link loraParameterName} names them, those trained whole included. */
  readonly parameters: readonly ParameterSpec[];
}

/** The parts of a pair. */
export type LoraPart = "lora_A.weight" | "lora_B.weight" | "lora_magnitude_vector";

/** The name of a parameter of a pair. */
export const loraParameterName = (module: string, part: LoraPart): string => `${module}.${part}`;

/**
 * The modules that PEFT takes for families whose adapters name none, and that are the same for all of them but Phi 3, whose
 * query, key and value are one module.
 */
const DEFAULT_TARGETS = ["q_proj", "v_proj", "qkv_proj"];

const moduleOf = ({ name }: ParameterSpec): string => name.replace(/\.(weight|bias)$/, "");

/** PEFT's rule: the name itself, or its end from a dot on. */
const endsWithName = (module: string, name: string): boolean =>
  module === name || module.endsWith(`.${name}`);

/**
 * What an adapter with these settings changes in a model.
 *
 * @param source where the settings were read from; error messages begin with it
 * @throws {DataError} `LORA_TARGETS` for names that match nothing, with the names that would
 */
export function loraLayout(spec: DecoderSpec, config: LoraConfig, source: string): LoraLayout {
  const layout = parameterLayout(spec);
  const saved = savedParameters(layout, config.modulesToSave, source);
  const whole = new Set(saved.map(moduleOf));
  const linear = linearModules(spec, layout).filter(({ module }) => !whole.has(module));
  const targets = linear.filter(matcherOf(config, linear, source));
  if (targets.length === 0) {
    throw targetError(
      source,
      `lora_target_modules ${formatValue(config.targetModules)} matches no linear module${withCommas(config.targetModules, linear)}`,
      linear,
    );
  }
  const pairs = targets.flatMap(({ module, inputs, outputs }): ParameterSpec[] => [
    { name: loraParameterName(module, "lora_A.weight"), shape: [config.rank, inputs], kind: "matrix" },
    { name: loraParameterName(module, "lora_B.weight"), shape: [outputs, config.rank], kind: "matrix" },
    ...(config.useDora
      ? [
          {
            name: loraParameterName(module, "lora_magnitude_vector"),
            shape: [outputs],
            kind: "norm" as const,
          },
        ]
      : []),
  ]);
  return { targets, saved, parameters: [...pairs, ...saved] };
}

/** How names are written that stand with blanks between them; nothing for other texts. */
function withCommas(given: LoraConfig["targetModules"], linear: readonly LoraTarget[]): string {
  const names = typeof given === "string" ? given.trim().split(/[\s;]+/) : [];
  const areNames = names.every((name) => linear.some(({ module }) => endsWithName(module, name)));
  return names.length > 1 && areNames ? `; write the names with commas: ${names.join(",")}` : "";
}

/** The projections of attention and of feed-forward networks; not the experts of a mixture, nor what chooses among them. */
function linearModules(spec: DecoderSpec, layout: readonly ParameterSpec[]): LoraTarget[] {
  const ofMixtures = spec.layers.flatMap(({ mixture }, index) =>
    mixture
      ? [mixture.names.router, mixture.names.expert].map((name) => `model.layers.${index}.${name}.`)
      : [],
  );
  return layout
    .filter(({ name, kind }) => kind === "matrix" && name !== embeddingName && name !== headName)
    .filter(({ name }) => !ofMixtures.some((prefix) => name.startsWith(prefix)))
    .map((parameter) => {
      const [outputs, inputs] = parameter.shape as readonly [number, number];
      return { module: moduleOf(parameter), outputs, inputs };
    });
}

function matcherOf(
  { targetModules }: LoraConfig,
  linear: readonly LoraTarget[],
  source: string,
): (target: LoraTarget) => boolean {
  if (targetModules === null) {
    return ({ module }) => DEFAULT_TARGETS.some((name) => endsWithName(module, name));
  }
  if (targetModules === "all-linear") return () => true;
  if (typeof targetModules === "string") {
    const names = linear.map(({ module }) => module);
    const matched = new Set(matching(wholePattern(targetModules, source), names, source));
    return ({ module }) => matched.has(module);
  }
  const unmatched = targetModules.filter((name) => !linear.some(({ module }) => endsWithName(module, name)));
  if (unmatched.length > 0) {
    throw targetError(
      source,
      `lora_target_modules: no linear module is called ${nameFew(unmatched)}`,
      linear,
      unmatched[0],
    );
  }
  return ({ module }) => targetModules.some((name) => endsWithName(module, name));
}

function wholePattern(pattern: string, source: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    // The engine's message repeats the whole expression before it says what is wrong.
    const reason = error instanceof Error ? error.message.split(": ").at(-1) : String(error);
    throw new DataError(
      "LORA_TARGETS",
      `${source}: lora_target_modules ${formatValue(pattern)} is no regular expression (${reason})`,
      { cause: error },
    );
  }
}

/** Far more than all names of a model take; some expressions try 2^n ways on n characters. */
const LONGEST_MATCHING_MS = 1000;

/** The names that an expression matches, which may come from a file that nobody has looked at. */
function matching(pattern: RegExp, names: readonly string[], source: string): string[] {
  try {
    return runInNewContext(
      "names.filter((name) => pattern.test(name))",
      { names, pattern },
      {
        timeout: LONGEST_MATCHING_MS,
      },
    );
  } catch (error) {
    throw new DataError(
      "LORA_TARGETS",
      `${source}: lora_target_modules ${formatValue(pattern.source)} takes longer than ${LONGEST_MATCHING_MS / 1000} s to match the names of the modules; write a simpler one, or a list of names`,
      { cause: error },
    );
  }
}

/** The parameters of the modules whose names end in these, as PEFT takes it ("norm" is each norm); the head is one even where it is tied, and is then trained apart. */
function savedParameters(
  layout: readonly ParameterSpec[],
  names: readonly string[],
  source: string,
): ParameterSpec[] {
  const embedding = layout.find(({ name }) => name === embeddingName)!;
  const all = layout.some(({ name }) => name === headName)
    ? layout
    : [...layout, { ...embedding, name: headName }];
  const unmatched = names.filter((name) => !all.some((parameter) => moduleOf(parameter).endsWith(name)));
  if (unmatched.length > 0) {
    const known = [...new Set(all.map((parameter) => moduleOf(parameter).split(".").at(-1)!))];
    throw new DataError(
      "LORA_TARGETS",
      `${source}: lora_modules_to_save: no module is called ${nameFew(unmatched)}${didYouMean(unmatched[0]!, known)}; modules are ${known.join(", ")}`,
    );
  }
  return all.filter((parameter) => names.some((name) => moduleOf(parameter).endsWith(name)));
}

function targetError(
  source: string,
  sentence: string,
  linear: readonly LoraTarget[],
  wrong?: string,
): DataError {
  const known = [...new Set(linear.map(({ module }) => module.split(".").at(-1)!)), "all-linear"];
  const head = wrong && ["lm_head", "embed_tokens"].includes(wrong);
  const remedy = head
    ? `; train ${wrong} whole with lora_modules_to_save`
    : wrong
      ? didYouMean(wrong, known)
      : "";
  return new DataError(
    "LORA_TARGETS",
    `${source}: ${sentence}${remedy}; linear modules are ${known.join(", ")}`,
  );
}

function didYouMean(found: string, known: readonly string[]): string {
  const meant = closest(found, known);
  return meant === null ? "" : ` (did you mean ${meant}?)`;
}
