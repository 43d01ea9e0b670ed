/** @file The options of `otr plan`: those of `otr train`, without need of an output folder. */
import { z } from "zod";
import type { OptionSet } from "./option-set.js";
import { option } from "./option-text.js";
import { type TrainConfig, trainOptions } from "./train-options.js";
import { trainOptionSet } from "./train-rules.js";

/** The option that `otr train` has otherwise. */
export const ownPlanOptions = z.strictObject({
  outputDir: option(z.string().min(1).nullable().default(null), {
    group: "Model and data",
    placeholder: "FOLDER",
    description:
      "Where the run would write: what lies there, and whether there is room, is checked. Nothing is written.",
  }),
});

/** Options of a plan as they are written. */
export const planOptions = z.strictObject({ ...trainOptions.shape, ...ownPlanOptions.shape });

/** Options of a plan, in TypeScript. */
export type PlanInput = z.input<typeof planOptions>;

/** The options of `otr plan` with their rules. A plan without an output folder has an empty one. */
export const planOptionSet: OptionSet<typeof planOptions, TrainConfig> = {
  ...trainOptionSet,
  schema: planOptions,
  rules: ({ outputDir, ...values }, name, given) =>
    trainOptionSet.rules({ ...values, outputDir: outputDir ?? "" }, name, given),
  complete: ({ outputDir, ...values }) => trainOptionSet.complete({ ...values, outputDir: outputDir ?? "" }),
};
