/** @file The options of `otr inspect`: those of `otr train`, and which rows to show where. */
import { z } from "zod";
import { checkWrittenFile } from "./check-paths.js";
import { evaluationSets, sourceMistakes, validationBeside } from "./dataset-sources.js";
import type { OptionSet } from "./option-set.js";
import { option } from "./option-text.js";
import { type TrainConfig, trainOptions } from "./train-options.js";
import { trainOptionSet } from "./train-rules.js";

const INSPECTION = "Inspection";

/** Which rows to show: all, the first ones, or those of some ranges, both ends included, counted from 0. */
export type RowChoice = "all" | number | readonly (readonly [first: number, last: number])[];

/** Where `--html` without a name writes. */
const DEFAULT_PAGE = "inspect.html";

/** The options that `otr train` does not have. */
export const ownInspectOptions = z.strictObject({
  rows: option(
    z
      .union([z.int().min(0), z.string().regex(/^(all|\d{1,15}(-\d{1,15})?(,\d{1,15}(-\d{1,15})?)*)$/)])
      .nullable()
      .default(null),
    {
      group: INSPECTION,
      placeholder: "COUNT|LIST|all",
      expected: "a count such as 5, row numbers such as 0,5,17 or 10-19 (one row: 7-7), or all",
      description:
        "Rows of dataset to show: that many from the start, those of a list counted from 0, or all. Null means the " +
        "first three, and with --json all.",
    },
  ),
  html: option(
    z
      .string()
      .regex(/^$|\.html?$/i)
      .nullable()
      .default(null),
    {
      group: INSPECTION,
      placeholder: "FILE.html",
      expected: "a file name that ends in .html",
      description: `Write the rows and the summary as one page that needs nothing else; without a name ${DEFAULT_PAGE}.`,
    },
  ),
});

/** Options of inspection as they are written. */
export const inspectOptions = z.strictObject({
  ...ownInspectOptions.shape,
  ...trainOptions.shape,
  outputDir: option(z.string().nullable().default(null), {
    group: "Model and data",
    placeholder: "FOLDER",
    description: "Not used: nothing is written there.",
  }),
});

/** The checked, complete configuration of an inspection. */
export interface InspectConfig extends TrainConfig {
  readonly rows: RowChoice | null;
  /** Where to write the page; null: nowhere. */
  readonly html: string | null;
}

const { outputDir: _outputDir, ...trainPaths } = trainOptionSet.paths;

/** The options of `otr inspect` with their rules. */
export const inspectOptionSet: OptionSet<typeof inspectOptions, InspectConfig> = {
  ...trainOptionSet,
  schema: inspectOptions,
  paths: { ...trainPaths, html: (file) => (file === "" ? null : checkWrittenFile(file)) },
  rules({ rows, html, ...values }, name, given) {
    const mistakes = trainOptionSet.rules({ ...values, outputDir: "" }, name, given);
    // Its rows are compared with those of dataset whether training evaluates or not.
    const { evalDataset } = values;
    return [
      ...mistakes.filter(({ key }) => key !== "evalDataset"),
      ...(evalDataset === null
        ? []
        : evaluationSets(evalDataset).flatMap(({ written }) =>
            sourceMistakes("evalDataset", written, "valid", name),
          )),
    ];
  },
  complete({ rows, html, ...values }) {
    const config = trainOptionSet.complete({ ...values, outputDir: values.outputDir ?? "" });
    return {
      ...config,
      evalDataset: values.evalDataset ?? validationBeside(values.dataset),
      rows: rows === null ? null : rowChoice(rows),
      html: html === "" ? DEFAULT_PAGE : html,
    };
  },
};

function rowChoice(rows: string | number): RowChoice {
  if (rows === "all" || typeof rows === "number") return rows;
  if (/^\d+$/.test(rows)) return Number(rows);
  const parts = rows.split(",").filter((part) => part !== "");
  return parts.map((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return [first!, last!] as const;
  });
}

/** Whether a row is chosen. */
export function isChosen(row: number, choice: RowChoice): boolean {
  if (choice === "all") return true;
  if (typeof choice === "number") return row < choice;
  return choice.some(([first, last]) => first <= row && row <= last);
}
