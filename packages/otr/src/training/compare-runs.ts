/** @file Where the results of two runs first differ. */
import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { aten, noGrad, readSafetensors, scope, type Tensor } from "@one-token/torch";
import { formatValue } from "../config/format-value.js";

/** Fields of `metrics.jsonl` that tell of the machine and its clock. */
const OF_THE_CLOCK = /^(time|step_time|tokens_per_second|memory_bytes|eval_(.+_)?runtime)$/;

type Line = Readonly<Record<string, unknown>>;

/**
 * The first difference of what two runs measured, and the first of what they learned; nothing where they are the same.
 *
 * @param folders of a run and of its repetition
 */
export async function compareRuns(folders: readonly [string, string]): Promise<string[]> {
  const differences = [await compareMetrics(folders), compareWeights(folders)];
  return differences.flatMap((difference) => difference ?? []);
}

async function compareMetrics([before, after]: readonly [string, string]): Promise<string | null> {
  const [first, second] = [readLines(before), readLines(after)];
  for (let number = 1; ; number++) {
    const [a, b] = [await first.next(), await second.next()];
    if (a.done && b.done) return null;
    const where = `line ${number} of metrics.jsonl`;
    if (a.done || b.done) return `${where} is only in ${join(a.done ? after : before, "metrics.jsonl")}`;
    const field = differingField(a.value, b.value);
    if (field === null) continue;
    const step = String(a.value["step"] ?? "?");
    const was = `${field} was ${formatValue(a.value[field])} and is ${formatValue(b.value[field])}`;
    return `${where} (step ${step}) is the first that differs: ${was}`;
  }
}

async function* readLines(folder: string): AsyncGenerator<Line, undefined> {
  const input = createReadStream(join(folder, "metrics.jsonl"));
  for await (const text of createInterface({ input })) yield parseLine(text);
}

/** A line that is no JSON object, torn or edited, equals no other but itself. */
function parseLine(text: string): Line {
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line === "object" && line !== null) return { ...line };
  } catch {
    // Told as it is.
  }
  return { text };
}

function differingField(a: Line, b: Line): string | null {
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const isSame = (field: string) => JSON.stringify(a[field]) === JSON.stringify(b[field]);
  return fields.find((field) => !OF_THE_CLOCK.test(field) && !isSame(field)) ?? null;
}

function compareWeights([before, after]: readonly [string, string]): string | null {
  const names = [...new Set([...weightFiles(before), ...weightFiles(after)])].sort();
  for (const name of names) {
    for (const folder of [before, after]) {
      if (!weightFiles(folder).includes(name)) return `${name} is not in ${folder}`;
    }
    const difference = compareFiles(join(before, name), join(after, name));
    if (difference !== null) return `${name}: ${difference}`;
  }
  return null;
}

const weightFiles = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith(".safetensors"));

function compareFiles(before: string, after: string): string | null {
  using a = readSafetensors(before);
  using b = readSafetensors(after);
  const names = [...new Set([...a.tensors.keys(), ...b.tensors.keys()])].sort();
  for (const name of names) {
    const difference = scope(() => noGrad(() => compareTensors(a.tensors.get(name), b.tensors.get(name))));
    if (difference !== null) return `the tensor ${name} is the first that differs: ${difference}`;
  }
  return null;
}

function compareTensors(a: Tensor | undefined, b: Tensor | undefined): string | null {
  if (a === undefined || b === undefined) return `it is only ${b === undefined ? "before" : "after"}`;
  const describe = ({ dtype, shape }: Tensor) => `${dtype} (${shape.join(", ")})`;
  if (describe(a) !== describe(b)) return `it was ${describe(a)} and is ${describe(b)}`;
  if (aten.equal(a, b)) return null;
  const distance = aten.abs(a.to("float64").sub(b.to("float64")));
  const count = aten.ne.Tensor(a, b).to("float64").sum().item();
  return `${count} of its numbers, by ${aten.max(distance).item().toPrecision(3)} at most`;
}
