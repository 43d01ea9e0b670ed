/** @file What is damaged is never used: training goes on from the checkpoint before. */
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { train } from "../../src/training/train.js";
import {
  checkpointsIn,
  type FaultProgram,
  injectEach,
  makeFaultProgram,
  weightsOf,
} from "./fault-program.js";

const RUN = { maxSteps: 5, saveStrategy: "steps", saveSteps: 2, loggingSteps: 1 } as const;

let program: FaultProgram;
let straight = "";
/** A run that was killed behind its second checkpoint. */
let killed = "";
beforeAll(async () => {
  program = await makeFaultProgram();
  straight = program.work.path("straight");
  killed = program.work.path("killed");
  const operations = await program.operations({ ...RUN, outputDir: straight });
  const first = operations.find(({ path }) => path.startsWith(".model.partial"));
  await program.runWithFault({ ...RUN, outputDir: killed }, first!, "kill");
  expect(checkpointsIn(killed)).toEqual({ sound: [2, 4], damaged: [] });
});
afterAll(() => program.dispose());

let folders = 0;

/** Goes on with a copy of the killed run that was damaged; returns what the person is told at the start. */
async function goOn(damage: (outputDir: string) => void): Promise<{ outputDir: string; notes: string }> {
  const outputDir = program.work.path(`damaged-${folders++}`);
  cpSync(killed, outputDir, { recursive: true });
  damage(outputDir);
  const input: Partial<TrainInput> = { ...RUN, outputDir, resumeFromCheckpoint: true };
  const notes: string[] = [];
  await train(program.work.input(input), {
    onEvent: (event) => event.type === "start" && notes.push(...event.notes),
  });
  expect(weightsOf(outputDir).equals(weightsOf(straight))).toBe(true);
  return { outputDir, notes: notes.join("\n") };
}

const FILES_OF_A_CHECKPOINT = [
  "config.json",
  "manifest.json",
  "model.safetensors",
  "optimizer.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
  "trainer_state.json",
];

function flipBit(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes[offset]! ^= 1 << (offset % 8);
  writeFileSync(path, bytes);
}

const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  "a bit flipped at the start": (path) => flipBit(path, 0),
  "a bit flipped in the middle": (path) => flipBit(path, statSync(path).size >> 1),
  "a bit flipped at the end": (path) => flipBit(path, statSync(path).size - 1),
  "cut in the middle": (path) => truncateSync(path, statSync(path).size >> 1),
  "cut by a byte": (path) => truncateSync(path, statSync(path).size - 1),
  emptied: (path) => truncateSync(path, 0),
  "longer by a byte": (path) => appendFileSync(path, " "),
  removed: (path) => rmSync(path),
};

it("a checkpoint with one flipped bit, a file cut, longer, empty or missing is passed over and said, and training goes on from the one before to the same weights", async (context) => {
  expect(readdirSync(join(killed, "checkpoint-4")).sort()).toEqual(FILES_OF_A_CHECKPOINT);
  const cases = FILES_OF_A_CHECKPOINT.flatMap((file) =>
    Object.keys(DAMAGES).map((damage) => ({ file, damage })),
  )
    // White space behind JSON is no damage.
    .filter(({ file, damage }) => file !== "manifest.json" || !/by a byte/.test(damage));
  await injectEach(context, cases, async ({ file, damage }) => {
    const { outputDir, notes } = await goOn((folder) => DAMAGES[damage]!(join(folder, "checkpoint-4", file)));
    expect(notes, `${file} ${damage}`).toMatch(/checkpoint-4 is passed over: .+/);
    expect(notes).toContain("Going on after step 2 of 5");
    rmSync(outputDir, { recursive: true });
  });
});

it("otr checkpoints names the damaged one, and going on is refused where no sound one is left", (context) =>
  injectEach(context, ["model.safetensors", "optimizer.safetensors"], async (file) => {
    const outputDir = program.work.path(`all-damaged-${file}`);
    cpSync(killed, outputDir, { recursive: true });
    flipBit(join(outputDir, "checkpoint-4", file), 1000);
    const listed = await program.run(["checkpoints", outputDir]).outcome;
    expect(listed.status).toBe(1);
    expect(listed.output).toMatch(/checkpoint-2 .* valid/);
    expect(listed.output).toContain(`checkpoint-4         damaged: ${file} has changed since it was written`);
    flipBit(join(outputDir, "checkpoint-2", file), 1000);
    const refused = await program.start({ ...RUN, outputDir, resumeFromCheckpoint: true }).outcome;
    expect(refused.status).toBe(2);
    expect(refused.output).toMatch(/holds no checkpoint that training could go on from/);
  }));

/** Lines of metrics.jsonl without what clock and system say. */
const measured = (outputDir: string) =>
  readFileSync(join(outputDir, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { step, loss, grad_norm, learning_rate, num_tokens } = JSON.parse(line);
      return { step, loss, grad_norm, learning_rate, num_tokens };
    });

it("a torn last line of metrics.jsonl, or bytes of nobody at its end, are repaired when training goes on: the lines are those of a run that was never stopped", async (context) => {
  const size = statSync(join(killed, "metrics.jsonl")).size;
  const tears = Array.from({ length: 12 }, (_, i) => size - 1 - i * 37);
  await injectEach(context, tears, async (end, index) => {
    const { outputDir } = await goOn((folder) => {
      truncateSync(join(folder, "metrics.jsonl"), end);
      if (index % 3 === 2) appendFileSync(join(folder, "metrics.jsonl"), Buffer.alloc(100, index));
    });
    expect(measured(outputDir)).toEqual(measured(straight));
    rmSync(outputDir, { recursive: true });
  });
});
