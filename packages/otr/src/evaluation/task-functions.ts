/**
 * @file The functions that YAML files name with `!function`: ports of those that the tasks of lm-evaluation-harness have in
 * Python. To add one: a file in `functions`, a row here.
 */
import { closest } from "../config/closest.js";
import type { PythonValue } from "../data/python-literal.js";
import { DataError } from "../errors.js";
import type { Document } from "./document.js";
import { passAt1, passAtK } from "./functions/code.js";
import * as hellaswag from "./functions/hellaswag.js";
import * as hendrycksMath from "./functions/hendrycks-math.js";
import * as humaneval from "./functions/humaneval.js";
import * as ifeval from "./functions/ifeval.js";
import { math500Results } from "./functions/math500.js";
import * as mbpp from "./functions/mbpp.js";
import * as minervaMath from "./functions/minerva-math.js";
import * as mmluPro from "./functions/mmlu-pro.js";
import * as winogrande from "./functions/winogrande.js";
import type { AnswerMetric, MetricValue, MetricValues, ScoringTools } from "./metrics/metric.js";
import type { FunctionName } from "./task-config.js";

type RowsFunction = (documents: readonly Document[]) => Document[];
type DocumentFunction = (document: Document) => PythonValue | number;
type ResultsFunction = (document: Document, response: string, tools: ScoringTools) => Promise<MetricValues>;
type FilterFunction = (responses: readonly string[], document: Document) => string[];
type AggregationFunction = (items: readonly MetricValue[]) => number;

const ROWS: Readonly<Record<string, RowsFunction>> = {
  "minerva_math.process_docs": minervaMath.processDocs,
  "hendrycks_math.process_docs": hendrycksMath.processDocs,
  "hellaswag.process_docs": hellaswag.processDocs,
  "ifeval.process_docs": ifeval.processDocs,
  ...mmluPro.processSubjects,
};

const DOCUMENTS: Readonly<Record<string, DocumentFunction>> = {
  "mmlu_pro.doc_to_text": mmluPro.docToText,
  "mmlu_pro.fewshot_to_target": mmluPro.fewShotToTarget,
  "winogrande.doc_to_text": winogrande.docToText,
  "winogrande.doc_to_target": winogrande.docToTarget,
  "winogrande.doc_to_choice": winogrande.docToChoice,
};

const RESULTS: Readonly<Record<string, ResultsFunction>> = {
  "minerva_math.process_results": minervaMath.processResults,
  "hendrycks_math.process_results": hendrycksMath.processResults,
  "math500.process_results": math500Results,
  "ifeval.process_results": ifeval.processResults,
};

const FILTERS: Readonly<Record<string, FilterFunction>> = {
  "humaneval.build_predictions": humaneval.buildPredictions,
  "humaneval.build_predictions_instruct": humaneval.buildPredictionsInstruct,
  "mbpp.build_predictions": mbpp.buildPredictions,
};

const METRICS: Readonly<Record<string, AnswerMetric>> = {
  "code.pass_at_k": passAtK,
  "code.pass_at_1": passAt1,
};

const AGGREGATIONS: Readonly<Record<string, AggregationFunction>> = {
  "ifeval.agg_inst_level_acc": ifeval.aggInstLevelAcc,
};

/** A function for `process_docs`. @throws {DataError} `TASK_FUNCTION` */
export const rowsFunction = (name: FunctionName): RowsFunction => lookUp(ROWS, name, "process_docs");
/** A function for a field of a row, such as `doc_to_text`. @throws {DataError} `TASK_FUNCTION` */
export const documentFunction = (name: FunctionName): DocumentFunction =>
  lookUp(DOCUMENTS, name, "a field of a row");
/** A function for `process_results`. @throws {DataError} `TASK_FUNCTION` */
export const resultsFunction = (name: FunctionName): ResultsFunction =>
  lookUp(RESULTS, name, "process_results");
/** A function for the filter `custom`. @throws {DataError} `TASK_FUNCTION` */
export const filterFunction = (name: FunctionName): FilterFunction =>
  lookUp(FILTERS, name, "the filter custom");
/** A function for a metric. @throws {DataError} `TASK_FUNCTION` */
export const metricFunction = (name: FunctionName): AnswerMetric => lookUp(METRICS, name, "a metric");
/** A function for `aggregation`. @throws {DataError} `TASK_FUNCTION` */
export const aggregationFunction = (name: FunctionName): AggregationFunction =>
  lookUp(AGGREGATIONS, name, "aggregation");

function lookUp<Value>(known: Readonly<Record<string, Value>>, { name }: FunctionName, use: string): Value {
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined) return found;
  const meant = closest(name, Object.keys(known));
  const hint =
    meant === null ? `known are ${Object.keys(known).join(", ") || "none"}` : `did you mean ${meant}?`;
  throw new DataError(
    "TASK_FUNCTION",
    `!function ${name}: Python code of tasks is not run, and there is no port of this function for ${use}; ${hint}`,
  );
}
