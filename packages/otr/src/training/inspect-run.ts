/** @file What training would make of its data: row by row, and counted. Needs neither weights nor libtorch. */
import { type DatasetOption, joinedSets, nameSources } from "../config/dataset-sources.js";
import type { InspectConfig } from "../config/inspect-options.js";
import type { RowFate, RowReport } from "../data/encode-block.js";
import { endTokenProblem } from "../data/end-of-turn.js";
import type { MixedDataset } from "../data/load-sources.js";
import { RowCensus, type RowLengths } from "../data/row-census.js";
import type { Repetitions } from "../data/text-hashes.js";
import type { Tokenizer } from "../data/tokenizer.js";
import { DataError } from "../errors.js";
import { modelWarnings } from "./model-warnings.js";
import { batchPlanOf, readRows } from "./prepare-run.js";
import { checkRunModel, locateRunModel, type LocatedRunModel, type RunModel } from "./run-model.js";
import { loadRunTokenizer, type RunTokenizer } from "./run-tokenizer.js";
import { measureWorkload } from "./workload.js";

/** What became of the rows of a data set. Lengths, ends and duplicates are of all its rows. */
export interface FileInspection {
  readonly path: string;
  /** Rows in the files. */
  readonly rows: number;
  /** Rows that can be trained on, and of them those that were cut. */
  readonly usable: number;
  readonly truncated: number;
  /** Rows that are trained, or evaluated, on: of a mixture by weight those that are drawn, else all that can be. */
  readonly trained: number;
  /** Rows that are left out, and why. */
  readonly dropped: Readonly<Record<Exclude<RowFate, "trained" | "truncated">, number>>;
  /** Whether rows teach where to stop: rows that do, whose end was cut off, that do not. */
  readonly endOfTurn: { readonly learned: number; readonly cut: number; readonly unlearned: number };
  /** Of the rows that are trained, or evaluated, on. */
  readonly tokens: number;
  readonly supervisedTokens: number;
  readonly lengths: RowLengths | null;
  /** Rows whose text an earlier row has. */
  readonly duplicates: Repetitions;
  /** What `otr train` would say. */
  readonly notes: readonly string[];
}

/** The work of the run. */
export interface WorkEstimate {
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly tokensPerStep: number;
  readonly totalTokens: number;
}

/** An inspection without its rows. */
export interface Inspection {
  /** What `otr train` would say of the model. */
  readonly notes: readonly string[];
  readonly train: FileInspection;
  readonly evaluation: FileInspection | null;
  /** Rows for evaluation whose text is trained on; null without such rows. */
  readonly shared: Repetitions | null;
  /** Null where nothing can be trained. */
  readonly work: WorkEstimate | null;
  readonly warnings: readonly string[];
  /** What would keep `otr train` from starting. */
  readonly problem: DataError | null;
}

/**
 * Reads the rows of a run as training would, and counts.
 * @param onRow is given each sound row of `dataset`, in order
 * @throws {DataError} where the tokenizer cannot be read
 * @throws {RunError} where the files of a model of the Hub cannot be downloaded
 */
export async function inspectRun(
  config: InspectConfig,
  onRow: (report: RowReport) => Promise<void>,
): Promise<Inspection> {
  const located = await locateRunModel(config, { weights: false });
  const runTokenizer = await loadRunTokenizer(config, located.model.path);
  const { tokenizer } = runTokenizer;
  const model = await inspectModel(config, located, runTokenizer);
  const train = await inspectFile(config, config.dataset, tokenizer, "training", onRow);
  let work: WorkEstimate | null = null;
  const warnings: string[] = [];
  if (train.dataset !== null) {
    work = estimateWork(config, train.dataset);
    if (model.checked !== null) {
      warnings.push(...(await modelWarnings(model.checked, located.model.path, tokenizer, train.dataset)));
    }
    await train.dataset.rows.close();
  }
  const path = config.evalDataset === null ? null : joinedSets(config.evalDataset);
  const evaluation =
    path === null ? null : await inspectFile(config, path, tokenizer, "evaluation", async () => {});
  await evaluation?.dataset?.rows.close();
  const shared = evaluation && train.census.texts.sharedBy(evaluation.census.texts);
  return {
    notes: model.notes,
    train: train.inspection,
    evaluation: evaluation?.inspection ?? null,
    shared,
    work,
    warnings: [
      ...(await endOfTurnWarnings(nameSources(config.dataset), train.census, tokenizer)),
      ...(path === null || evaluation === null
        ? []
        : await endOfTurnWarnings(nameSources(path), evaluation.census, tokenizer)),
      ...warnings,
    ],
    problem: model.problem ?? train.problem ?? evaluation?.problem ?? null,
  };
}

/** What training would say of the model, and what would keep it from starting: rows are looked at all the same. */
async function inspectModel(
  config: InspectConfig,
  located: LocatedRunModel,
  tokenizer: RunTokenizer,
): Promise<{ notes: string[]; checked: RunModel | null; problem: DataError | null }> {
  const notes = [...located.model.notes, ...(located.startingAdapter?.notes ?? [])];
  try {
    const checked = await checkRunModel(config, located, tokenizer);
    return { notes: [...notes, ...checked.notes], checked, problem: null };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { notes, checked: null, problem: error };
  }
}

interface InspectedFile {
  readonly census: RowCensus;
  readonly inspection: FileInspection;
  readonly dataset: MixedDataset | null;
  readonly problem: DataError | null;
}

async function inspectFile(
  config: InspectConfig,
  written: DatasetOption,
  tokenizer: Tokenizer,
  purpose: "training" | "evaluation",
  onRow: (report: RowReport) => Promise<void>,
): Promise<InspectedFile> {
  const path = nameSources(written);
  const census = new RowCensus();
  const counting = (report: RowReport) => {
    census.add(report);
    return onRow(report);
  };
  try {
    const dataset = await readRows(written, purpose, { config, tokenizer, onRow: counting });
    return { census, inspection: inspectionOf(path, census, dataset), dataset, problem: null };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { census, inspection: inspectionOf(path, census, null), dataset: null, problem: error };
  }
}

function inspectionOf(path: string, census: RowCensus, dataset: MixedDataset | null): FileInspection {
  const { trained: whole, truncated, ...dropped } = census.fates;
  const usable = whole + truncated;
  const { rows: trained, tokens, supervisedTokens } = dataset?.summary ?? { ...census, rows: usable };
  return {
    path,
    rows: census.rows,
    usable,
    truncated,
    trained,
    dropped,
    endOfTurn: { ...census.ends },
    tokens,
    supervisedTokens,
    lengths: census.lengths(),
    duplicates: census.texts.repeated(),
    notes: dataset === null ? [] : [...dataset.notes, ...dataset.warnings],
  };
}

function estimateWork(config: InspectConfig, dataset: MixedDataset): WorkEstimate {
  const { plan } = batchPlanOf(config, dataset);
  const { totalSteps, tokensPerStep, totalTokens } = measureWorkload(plan, dataset.rows.lengths);
  return { stepsPerEpoch: plan.stepsPerEpoch, totalSteps, tokensPerStep, totalTokens };
}

/** About rows that do not teach where to stop. What stops training is only a warning here. */
async function endOfTurnWarnings(path: string, census: RowCensus, tokenizer: Tokenizer): Promise<string[]> {
  const { firstUnlearned, ends } = census;
  const warnings: string[] = [];
  if (firstUnlearned !== null && ends.learned + ends.cut === 0) {
    warnings.push(
      `${await endTokenProblem(path, tokenizer, firstUnlearned.whole)}. otr train will not start.`,
    );
  } else if (firstUnlearned !== null) {
    const first = `the first is row ${firstUnlearned.id}`;
    warnings.push(
      `${path}: ${ends.unlearned} of ${census.rows} rows do not teach the model to stop; ${first}.`,
    );
  }
  if (ends.learned === 0 && ends.cut > 0) {
    warnings.push(
      `${path}: no row teaches the model to stop, because max_length cuts the end of the turn off; raise it, or set ` +
        "truncation_mode to drop or keep_end.",
    );
  }
  return warnings;
}
