/** @file Which parts of a model an adapter changes. */
import { closest } from "../config/closest.js";
import { formatValue } from "../config/format-value.js";
import { DataError } from "../errors.js";
import type { DecoderSpec } from "./decoder-spec.js";
import { type LoraConfig, loraScale } from "./lora-config.js";
import { type LoraModule, loraModules, moduleOf } from "./lora-modules.js";
import { matchModules, valuesOfModules } from "./match-modules.js";
import { nameFew } from "./name-few.js";
import { embeddingName, headName, type ParameterSpec, parameterLayout } from "./parameter-layout.js";

/** A module with a pair of low-rank matrices. */
export interface LoraTarget extends LoraModule {
  readonly rank: number;
  /** What the product of the pair is multiplied by. */
  readonly scale: number;
  /** `(rank, inputs)`, PEFT's A */
  readonly down: ParameterSpec;
  /** `(outputs, rank)`, PEFT's B */
  readonly up: ParameterSpec;
  /** `(outputs)`, the learned lengths of the rows of the whole (DoRA); null: they follow from the matrices. */
  readonly magnitude: ParameterSpec | null;
}

/** What an adapter of a configuration changes. */
export interface LoraLayout {
  readonly targets: readonly LoraTarget[];
  /** Ends of names, or whole names, that match the targets and no other module, as a list of `target_modules` has them. */
  readonly targetNames: readonly string[];
  /** Parameters that are trained whole. */
  readonly saved: readonly ParameterSpec[];
  /** Every parameter of the adapter: those of the pairs, then those trained whole. */
  readonly parameters: readonly ParameterSpec[];
  /** Rows of the embedding and of the head: more than the model's own where the adapter holds both, grown for new tokens. */
  readonly vocabSize: number;
}

/** Whether an adapter with these settings holds a row of embedding and head for each token, and so may have more of them. */
export const holdsVocabulary = ({ modulesToSave }: Pick<LoraConfig, "modulesToSave">): boolean =>
  [embeddingName, headName].every((name) =>
    modulesToSave.some((saved) => moduleOf({ name }).endsWith(saved)),
  );

/**
 * The modules that PEFT takes for families whose adapters name none, and that are the same for all of them but Phi 3, whose
 * query, key and value are one module.
 */
const DEFAULT_TARGETS = ["q_proj", "v_proj", "qkv_proj"];

/** PEFT's rule: the name itself, or its end from a dot on. */
const endsWithName = (module: string, name: string): boolean =>
  module === name || module.endsWith(`.${name}`);

/**
 * What an adapter with these settings changes in a model.
 *
 * @param source where the settings were read from; error messages begin with it
 * @throws {DataError} `LORA_TARGETS` for names that match nothing, with the names that would, and for settings that a module
 *   cannot have
 */
export function loraLayout(spec: DecoderSpec, config: LoraConfig, source: string): LoraLayout {
  const layout = parameterLayout(spec);
  const saved = savedParameters(layout, config.modulesToSave, source);
  const whole = new Set(saved.map(moduleOf));
  const modules = loraModules(spec, layout).filter(({ module }) => !whole.has(module));
  const chosen = modules.filter(matcherOf(config, modules, source));
  if (chosen.length === 0) {
    throw targetError(
      source,
      `lora_target_modules ${formatValue(config.targetModules)} matches no linear module${withCommas(config.targetModules, modules)}`,
      modules,
    );
  }
  refuseCombinations(config, chosen, source);
  const targets = withPairs(config, chosen, source);
  const pairs = targets.flatMap(({ down, up, magnitude }) => [
    down,
    up,
    ...(magnitude === null ? [] : [magnitude]),
  ]);
  const targetNames = namesOfOnly(targets, modules);
  return { targets, targetNames, saved, parameters: [...pairs, ...saved], vocabSize: spec.vocabSize };
}

/** How names are written that stand with blanks between them; nothing for other texts. */
function withCommas(given: LoraConfig["targetModules"], modules: readonly LoraModule[]): string {
  const names = typeof given === "string" ? given.trim().split(/[\s;]+/) : [];
  const areNames = names.every((name) => modules.some(({ module }) => endsWithName(module, name)));
  return names.length > 1 && areNames ? `; write the names with commas: ${names.join(",")}` : "";
}

const endOf = ({ module }: LoraModule): string => module.split(".").at(-1)!;

function namesOfOnly(targets: readonly LoraModule[], modules: readonly LoraModule[]): string[] {
  const chosen = new Set(targets.map(({ module }) => module));
  const ofOthers = new Set(modules.filter(({ module }) => !chosen.has(module)).map(endOf));
  return [...new Set(targets.map((target) => (ofOthers.has(endOf(target)) ? target.module : endOf(target))))];
}

function withPairs(config: LoraConfig, modules: readonly LoraModule[], source: string): LoraTarget[] {
  const { rankPattern = {}, alphaPattern = {}, useDora } = config;
  const names = modules.map(({ module }) => module);
  const ranks = valuesOfModules(rankPattern, names, { setting: "rank_pattern", source });
  const alphas = valuesOfModules(alphaPattern, names, { setting: "alpha_pattern", source });
  return modules.map((each): LoraTarget => {
    const { module, kind, inputs, outputs } = each;
    const rank = ranks.get(module) ?? config.rank;
    const matrix = (part: "A" | "B", shape: readonly number[]): ParameterSpec => ({
      name: kind === "embedding" ? `${module}.lora_embedding_${part}` : `${module}.lora_${part}.weight`,
      shape,
      kind: "matrix",
    });
    return {
      ...each,
      rank,
      scale: loraScale(config, rank, alphas.get(module) ?? config.alpha),
      down: matrix("A", [rank, inputs]),
      up: matrix("B", [outputs, rank]),
      magnitude: useDora ? { name: `${module}.lora_magnitude_vector`, shape: [outputs], kind: "norm" } : null,
    };
  });
}

function refuseCombinations(
  { useDora, dropout }: LoraConfig,
  modules: readonly LoraModule[],
  source: string,
): void {
  const ofVocabulary = modules.find(({ kind }) => kind === "embedding" || kind === "head");
  if (useDora && ofVocabulary) {
    throw new DataError(
      "LORA_TARGETS",
      `${source}: use_dora is for projections, and ${ofVocabulary.module} is none; train it whole with lora_modules_to_save, or leave it out of lora_target_modules`,
    );
  }
  const expert = modules.find(({ kind }) => kind === "expert");
  if (dropout > 0 && expert) {
    throw new DataError(
      "LORA_TARGETS",
      `${source}: lora_dropout is ${dropout}, and the experts of a mixture (${expert.module}) have none, here and in PEFT; set it to 0, or leave them out of lora_target_modules`,
    );
  }
}

function matcherOf(
  { targetModules }: LoraConfig,
  modules: readonly LoraModule[],
  source: string,
): (module: LoraModule) => boolean {
  if (targetModules === null) {
    return ({ module }) => DEFAULT_TARGETS.some((name) => endsWithName(module, name));
  }
  if (targetModules === "all-linear") return ({ kind }) => kind === "projection";
  if (typeof targetModules === "string") {
    const pattern = { expression: targetModules, setting: "lora_target_modules", source };
    const matched = matchModules(
      pattern,
      modules.map(({ module }) => module),
    );
    return ({ module }) => matched.has(module);
  }
  const unmatched = targetModules.filter((name) => !modules.some(({ module }) => endsWithName(module, name)));
  if (unmatched.length > 0) {
    throw targetError(
      source,
      `lora_target_modules: no linear module is called ${nameFew(unmatched)}`,
      modules,
      unmatched[0],
    );
  }
  return ({ module }) => targetModules.some((name) => endsWithName(module, name));
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
  modules: readonly LoraModule[],
  wrong?: string,
): DataError {
  const known = [...new Set(modules.map(endOf)), "all-linear"];
  const remedy = wrong ? didYouMean(wrong, known) : "";
  return new DataError(
    "LORA_TARGETS",
    `${source}: ${sentence}${remedy}; linear modules are ${known.join(", ")}`,
  );
}

function didYouMean(found: string, known: readonly string[]): string {
  const meant = closest(found, known);
  return meant === null ? "" : ` (did you mean ${meant}?)`;
}
