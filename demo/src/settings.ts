/** @file The three settings, the methods compared in them, and the budget that every run has. */
import { carefulAddition, type MakeItem, newMultiplication, noisyAddition } from "./skills.js";

/** How a run turns labels into gradients; the names are those of `loss_type`. */
export interface Method {
  readonly title: string;
  readonly lossType: "nll" | "dft" | "otr";
  readonly otrBeta?: number;
  readonly otrEstimator?: "monte_carlo" | "exact";
}

/** What the demonstration compares, then the two variants of OTR that the check looks at as well. */
export const methods = {
  sft: { title: "SFT", lossType: "nll" },
  dft: { title: "DFT", lossType: "dft" },
  otr: { title: "OTR", lossType: "otr", otrBeta: -0.1, otrEstimator: "monte_carlo" },
  otrBetaZero: { title: "OTR, beta 0", lossType: "otr", otrBeta: 0, otrEstimator: "monte_carlo" },
  otrExact: { title: "exact OTR", lossType: "otr", otrBeta: -0.1, otrEstimator: "exact" },
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof methods;

/** The methods that `npm start` compares, in the order of the table. */
export const comparedMethods = ["sft", "dft", "otr"] as const satisfies readonly MethodName[];

export type SettingName = "noisy" | "clean" | "newSkill";

/** One situation in which somebody fine-tunes. */
export interface Setting {
  readonly title: string;
  /** Completes "OTR helps ...". */
  readonly when: string;
  /** Which questions measure it. */
  readonly target: "addition" | "multiplication";
  readonly makeTrainingRow: MakeItem;
  /** The stream of training questions; settings that share it see the same questions. */
  readonly questions: string;
  /** Chosen for each method by a sweep on clean validation items (1e-5 to 3e-3). */
  readonly learningRates: Readonly<Record<MethodName, number>>;
}

export const settings: Readonly<Record<SettingName, Setting>> = {
  noisy: {
    title: "noisy labels",
    when: "when some labels are wrong",
    target: "addition",
    makeTrainingRow: noisyAddition,
    questions: "additions",
    learningRates: { sft: 3e-5, dft: 3e-5, otr: 3e-5, otrBetaZero: 3e-5, otrExact: 3e-5 },
  },
  clean: {
    title: "clean labels",
    when: "when all labels are right",
    target: "addition",
    makeTrainingRow: carefulAddition,
    questions: "additions",
    learningRates: { sft: 3e-5, dft: 1e-4, otr: 1e-4, otrBetaZero: 1e-4, otrExact: 1e-4 },
  },
  newSkill: {
    title: "a new skill",
    when: "on a skill that the base model lacks",
    target: "multiplication",
    makeTrainingRow: newMultiplication,
    questions: "multiplications",
    learningRates: { sft: 3e-3, dft: 1e-4, otr: 3e-3, otrBetaZero: 3e-3, otrExact: 3e-3 },
  },
};

export const settingNames = Object.keys(settings) as SettingName[];

/** The budget of every run, whatever its method. */
export const budget = { rows: 300, batchSize: 16, epochs: 4, steps: 76, warmupSteps: 10 } as const;
