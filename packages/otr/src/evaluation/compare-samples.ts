/** @file Compares two models by the samples files of finished evaluations. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { DataError } from "../errors.js";
import { comparePaired, type PairedComparison } from "./statistics/compare-paired.js";
import { type McNemar, mcnemar } from "./statistics/mcnemar.js";
import { mean } from "./statistics/standard-error.js";

/** What of two files is compared. */
export interface CompareSamplesOptions {
  /** Default: the first metric of the first file. */
  readonly metric?: string;
  /** Default: the filter of the first line of the first file. */
  readonly filter?: string;
  /** Of the bootstrap. Default: 0. */
  readonly seed?: number;
}

/** How the second of two models differs from the first on one metric of one task. */
export interface SamplesComparison extends PairedComparison {
  readonly metric: string;
  readonly filter: string;
  readonly first: number;
  readonly second: number;
  /** Null where scores are more than right and wrong, and where rows belong together. */
  readonly mcnemar: McNemar | null;
}

const line = z.looseObject({
  doc_id: z.int(),
  doc_hash: z.string(),
  filter: z.string(),
  metrics: z.array(z.string()).min(1),
  cluster: z.string().optional(),
});

/** A row as both models were scored on it. */
interface Pair {
  readonly first: number;
  readonly second: number;
  readonly cluster: string;
}

/**
 * Compares two models row by row from their `samples_TASK_DATE.jsonl`, as `otr evaluate` and lm-evaluation-harness write
 * them. Rows that belong together (`cluster`) are compared as one item, which has their sum.
 *
 * @throws {DataError} `SAMPLES_INVALID` with file and line; `SAMPLES_DIFFER` where the files tell of other rows;
 *   `SAMPLES_METRIC` where one has no such metric or filter, or it is no number for each row
 */
export function compareSamples(
  firstFile: string,
  secondFile: string,
  options: CompareSamplesOptions = {},
): SamplesComparison {
  const [one, other] = [readSamples(firstFile), readSamples(secondFile)];
  const { metric = one[0]!.metrics[0]!, filter = one[0]!.filter, seed = 0 } = options;
  const scores = [scoresOf(one, firstFile, metric, filter), scoresOf(other, secondFile, metric, filter)];
  const pairs = paired(scores[0]!, scores[1]!, firstFile, secondFile);
  const items = byCluster(pairs);
  const isBinary = pairs.every(({ first, second }) =>
    [first, second].every((score) => score === 0 || score === 1),
  );
  const only = (a: number, b: number) =>
    pairs.filter(({ first, second }) => first === a && second === b).length;
  return {
    ...{ metric, filter },
    first: mean(pairs.map(({ first }) => first)),
    second: mean(pairs.map(({ second }) => second)),
    ...comparePaired(
      items.map(({ first }) => first),
      items.map(({ second }) => second),
      { seed },
    ),
    mcnemar: isBinary && items.length === pairs.length ? mcnemar(only(1, 0), only(0, 1)) : null,
  };
}

type Line = z.output<typeof line>;

function readSamples(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new DataError("SAMPLES_INVALID", `${file} cannot be read`, { cause: error });
  }
  const lines = text
    .split("\n")
    .flatMap((each, at) => (each.trim() === "" ? [] : [readLine(each, `${file}:${at + 1}`)]));
  if (lines.length === 0) throw new DataError("SAMPLES_INVALID", `${file} holds no samples`);
  return lines;
}

function readLine(text: string, where: string): Line {
  try {
    return line.parse(JSON.parse(text));
  } catch (error) {
    throw new DataError(
      "SAMPLES_INVALID",
      `${where} is no sample of an evaluation; name a samples_TASK_DATE.jsonl that an evaluation with log_samples wrote`,
      { cause: error },
    );
  }
}

interface Score {
  readonly score: number;
  readonly hash: string;
  readonly cluster: string;
}

/** By the number of the row. */
function scoresOf(lines: readonly Line[], file: string, metric: string, filter: string): Map<number, Score> {
  const own = lines.filter((each) => each.filter === filter);
  if (own.length === 0) {
    const filters = [...new Set(lines.map((each) => each.filter))].join(", ");
    throw new DataError("SAMPLES_METRIC", `${file} has no filter ${filter}, only ${filters}`);
  }
  return new Map(
    own.map((each) => {
      const value = each[metric];
      if (!each.metrics.includes(metric) || !Number.isFinite(Number(value ?? Number.NaN))) {
        throw new DataError(
          "SAMPLES_METRIC",
          `${file}: row ${each.doc_id} has no number as ${metric}; its metrics are ${each.metrics.join(", ")}`,
        );
      }
      const cluster = each.cluster ?? `row ${each.doc_id}`;
      return [each.doc_id, { score: Number(value), hash: each.doc_hash, cluster }];
    }),
  );
}

function paired(
  one: ReadonlyMap<number, Score>,
  other: ReadonlyMap<number, Score>,
  firstFile: string,
  secondFile: string,
): Pair[] {
  const unknown = [...other.keys()].find((id) => !one.has(id));
  if (unknown !== undefined) throw differing(unknown, `only ${secondFile} has it`);
  return [...one].map(([id, { score: first, hash, cluster }]) => {
    const second = other.get(id);
    if (second === undefined) throw differing(id, `only ${firstFile} has it`);
    if (second.hash !== hash) throw differing(id, `it is another row in ${firstFile} than in ${secondFile}`);
    return { first, second: second.score, cluster };
  });
}

const differing = (id: number, how: string): DataError =>
  new DataError(
    "SAMPLES_DIFFER",
    `row ${id}: ${how}; models are compared on the same rows, so evaluate both with the same data and limit`,
  );

/** One item a cluster: the sum of its rows, scaled so that the mean over items is that over rows. */
function byCluster(pairs: readonly Pair[]): Pick<Pair, "first" | "second">[] {
  const sums = new Map<string, { first: number; second: number }>();
  for (const { first, second, cluster } of pairs) {
    const sum = sums.get(cluster) ?? { first: 0, second: 0 };
    sums.set(cluster, { first: sum.first + first, second: sum.second + second });
  }
  const scale = sums.size / pairs.length;
  return [...sums.values()].map(({ first, second }) => ({ first: scale * first, second: scale * second }));
}
