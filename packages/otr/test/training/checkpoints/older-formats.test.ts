/**
 * @file Checkpoints of every format that was ever written can be gone on from.
 *
 * Each folder of test/references/checkpoint-format-* is a run into `out` that was stopped, with the numbers of the straight
 * run (`straight.safetensors`), written by the version that introduced the format. They are never written anew; a new
 * format gets a folder of its own, by OTR_WRITE_CHECKPOINT=N.
 */
import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSafetensors, scope } from "@one-token/torch";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { TrainInput } from "../../../src/config/train-options.js";
import type { TrainEvent } from "../../../src/training/events.js";
import { train } from "../../../src/training/train.js";
import { makeRunWorkspace, type RunWorkspace } from "../run-workspace.js";

const references = fileURLToPath(new URL("../../references/", import.meta.url));
const formats = readdirSync(references).filter((name) => name.startsWith("checkpoint-format-"));

let work: RunWorkspace;
beforeEach(async () => {
  work = await makeRunWorkspace({
    vocab_size: 260,
    hidden_size: 8,
    intermediate_size: 8,
    num_hidden_layers: 1,
  });
});
afterEach(() => work.dispose());

const input = (changes: Partial<TrainInput> = {}): TrainInput =>
  work.input({
    maxSteps: 4,
    usePeft: true,
    loraTargetModules: ["q_proj"],
    loraR: 2,
    otrBaseline: "value",
    ...changes,
  });

const numbers = (path: string) =>
  scope(() => {
    using file = readSafetensors(path);
    return [...file.tensors].map(([name, tensor]) => [name, tensor.toArray()] as const);
  });

/** Makes the folder of a new format. */
async function writeFormat(format: string): Promise<void> {
  const folder = join(references, `checkpoint-format-${format}`);
  expect(existsSync(join(folder, "straight.safetensors"))).toBe(false);
  mkdirSync(folder, { recursive: true });
  let steps = 0;
  const onEvent = (event: TrainEvent) => {
    if (event.type === "step") steps = event.step;
  };
  await train(input({ outputDir: work.path("straight") }));
  cpSync(work.path("straight/adapter_model.safetensors"), join(folder, "straight.safetensors"));
  await train(input(), { onEvent, shouldStop: () => steps === 2 });
  cpSync(work.path("out/checkpoint-2"), join(folder, "checkpoint-2"), { recursive: true });
}

const { OTR_WRITE_CHECKPOINT: newFormat } = process.env;
if (newFormat) it("writes a folder for a new format", () => writeFormat(newFormat));

it.each(formats)("goes on from %s", async (format) => {
  const folder = join(references, format);
  await train(
    input({ resumeFromCheckpoint: join(folder, "checkpoint-2"), resumeAllowChanges: ["base_model"] }),
  );
  const found = numbers(work.path("out/adapter_model.safetensors"));
  const expected = numbers(join(folder, "straight.safetensors"));
  expect(found.map(([name]) => name)).toEqual(expected.map(([name]) => name));
  // The last digits differ between processors.
  for (const [at, [name, value]] of found.entries()) {
    const flat = (numbersOf: unknown) => [numbersOf].flat(3) as number[];
    const other = flat(expected[at]![1]);
    for (const [index, number] of flat(value).entries()) expect(number, name).toBeCloseTo(other[index]!, 5);
  }
});
