/**
 * @file The figures of an independent prototype (Python, transformers) on the same base model, training rows and
 * questions: `../shared/demo.md`, "Results"; in percent.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Material } from "./comparison.js";
import type { Measure } from "./report.js";
import type { MethodName, SettingName } from "./settings.js";
import type { Item, OtherSkill } from "./skills.js";

/** One figure of the prototype's tables that has a standard error. */
export interface PrototypeFigure {
  readonly setting: SettingName;
  readonly method: MethodName;
  readonly measure: Measure;
  readonly mean: number;
  readonly standardError: number;
}

const figures = (
  setting: SettingName,
  method: MethodName,
  measures: Partial<Record<Measure, readonly [mean: number, standardError: number]>>,
): PrototypeFigure[] =>
  Object.entries(measures).map(([measure, [mean, standardError]]) => ({
    setting,
    method,
    measure: measure as Measure,
    mean,
    standardError,
  }));

/** Noisy setting: five seeds; new skill: three seeds. The clean setting was given without standard errors. */
export const prototypeFigures: readonly PrototypeFigure[] = [
  ...figures("noisy", "sft", {
    test: [91.0, 0.9],
    hard: [67.8, 2.9],
    other: [99.6, 0.1],
    sampled: [67.8, 0.5],
  }),
  ...figures("noisy", "dft", {
    test: [99.5, 0.2],
    hard: [99.5, 0.2],
    other: [99.4, 0.1],
    sampled: [79.2, 0.5],
  }),
  ...figures("noisy", "otrBetaZero", {
    test: [99.4, 0.2],
    hard: [99.5, 0.2],
    other: [99.5, 0.1],
    sampled: [78.6, 0.6],
  }),
  ...figures("noisy", "otr", {
    test: [99.4, 0.2],
    hard: [99.5, 0.2],
    other: [99.5, 0.1],
    sampled: [78.8, 0.6],
  }),
  ...figures("noisy", "otrExact", {
    test: [99.4, 0.2],
    hard: [99.5, 0.2],
    other: [99.5, 0.1],
    sampled: [78.9, 0.7],
  }),
  ...figures("newSkill", "sft", { test: [19.0, 2.1] }),
  ...figures("newSkill", "otr", { test: [2.0, 1.3] }),
];

/** The base model's greedy accuracy on the additions, which depends on no seed. */
export const prototypeBase = { test: 78.0, hard: 71.5, other: 99.7 } as const;

type Pair = readonly [prompt: string, answer: string];

interface PrototypeSets {
  readonly test: readonly Pair[];
  readonly hard: readonly Pair[];
  readonly mul_test: readonly Pair[];
  readonly mul_hard: readonly Pair[];
  readonly skills: Readonly<Record<OtherSkill, readonly Pair[]>>;
  /** By the prototype's name of the setting, then by seed. */
  readonly train: Readonly<Record<"clean" | "sys40" | "mul", readonly (readonly Pair[])[]>>;
}

const trainingName = { noisy: "sys40", clean: "clean", newSkill: "mul" } as const;

/** The folder of the reference material: `OTR_SHARED`, else `../shared` beside the project. */
export const sharedFolder =
  process.env.OTR_SHARED ?? resolve(fileURLToPath(new URL("../../../shared", import.meta.url)));

/** Files of the reference material that the check needs and does not find. */
export const missingPrototypeFiles = (): string[] =>
  ["demo/sets.json", "models/skills-812k/model.safetensors"]
    .map((path) => join(sharedFolder, path))
    .filter((path) => !existsSync(path));

/** The prototype's base model with its questions and, for seeds 0 to 4, its training rows. */
export function prototypeMaterial(): Material {
  const sets = JSON.parse(readFileSync(join(sharedFolder, "demo/sets.json"), "utf8")) as PrototypeSets;
  const items = (pairs: readonly Pair[]): Item[] => pairs.map(([prompt, answer]) => ({ prompt, answer }));
  const other = Object.fromEntries(
    Object.entries(sets.skills).map(([skill, pairs]) => [skill, items(pairs)]),
  );
  return {
    baseModel: join(sharedFolder, "models/skills-812k"),
    evaluation: (target) =>
      target === "addition"
        ? { test: items(sets.test), hard: items(sets.hard), other }
        : { test: items(sets.mul_test), hard: items(sets.mul_hard), other },
    training: (setting, seed) => items(sets.train[trainingName[setting]][seed]!),
  };
}
