/** @file What lm-evaluation-harness wrote for scripted outputs (`reference/harness`). */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { hasShared, shared } from "../shared.js";

/** A line of a samples file. */
export interface ReferenceSample {
  readonly doc_id: number;
  readonly doc: Readonly<Record<string, unknown>>;
  readonly target: string;
  readonly arguments: Readonly<Record<string, { readonly arg_0: string; readonly arg_1: unknown }>>;
  readonly filter: string;
  readonly metrics: readonly string[];
  readonly [field: string]: unknown;
}

/** One file of the reference. */
export interface HarnessReference {
  readonly outputs: Readonly<Record<string, readonly { readonly doc_id: number; readonly text: string }[]>>;
  readonly samples: Readonly<Record<string, readonly ReferenceSample[]>>;
  readonly results: Readonly<Record<string, Readonly<Record<string, unknown>>>> & {
    readonly results: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly configs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  readonly data: { readonly made_up?: Readonly<Record<string, readonly object[]>> };
}

/** Reads a file of the reference by its name. */
export function harnessReference(name: string): HarnessReference {
  const path = shared(`reference/harness/${name}`);
  const bytes = readFileSync(path);
  return JSON.parse((name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
}

export { hasShared };

/** The local data of the tasks of the reference, as options of `evaluate` name it. */
export function harnessData(): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "harness-data-"));
  const sanitized: readonly {
    readonly prompt: string;
    readonly test_imports: string[];
    readonly [column: string]: unknown;
  }[] = JSON.parse(readFileSync(shared("data/sanitized-mbpp.json"), "utf8"));
  // The columns of the full data set, in their order.
  const mbpp = sanitized.map(({ task_id, prompt: text, code, test_list, test_imports: imports }) => ({
    task_id,
    text,
    code,
    test_list,
    test_setup_code: imports.join("\n"),
    challenge_test_list: [],
  }));
  const mbppFile = join(folder, "mbpp.jsonl");
  writeFileSync(mbppFile, mbpp.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const data = new Map([
    ["openai/gsm8k:test", shared("data/gsm8k_test.jsonl")],
    ["openai/gsm8k:train", shared("data/gsm8k_train.jsonl")],
    ["HuggingFaceH4/MATH-500", shared("data/math500.jsonl")],
    ["openai/openai_humaneval", shared("data/HumanEval.jsonl.gz")],
    ["google-research-datasets/mbpp", mbppFile],
  ]);
  data.set("google/IFEval", ifevalFile(folder));
  const { made_up: madeUp = {} } = harnessReference("mmlu_pro.json").data;
  for (const [split, rows] of Object.entries(madeUp)) {
    const file = join(folder, `mmlu_pro-${split}.jsonl`);
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    data.set(`TIGER-Lab/MMLU-Pro:${split}`, file);
  }
  return data;
}

/** The rows of IFEval that the reference has, at their places among copies of the first. */
function ifevalFile(folder: string): string {
  const { samples, results } = harnessReference("ifeval.json");
  const { original } = Object(results["n-samples"]).ifeval;
  const rows = Array.from({ length: original }, () => samples.ifeval![0]!.doc);
  for (const { doc_id, doc } of samples.ifeval!) rows[doc_id] = doc;
  const file = join(folder, "ifeval.jsonl");
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return file;
}

/** The scripted outputs as a file of predictions. */
export function predictionsOf({ outputs }: HarnessReference): string {
  const lines = Object.entries(outputs).flatMap(([task, rows]) =>
    rows.map(({ doc_id, text }) => JSON.stringify({ task, doc_id, output: text })),
  );
  const file = join(mkdtempSync(join(tmpdir(), "harness-outputs-")), "predictions.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}
