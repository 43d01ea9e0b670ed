import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveTensorCount } from "@one-token/torch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTokenizer, type Tokenizer } from "../../src/data/tokenizer.js";
import type { EvaluationProgress } from "../../src/evaluation/ask-model.js";
import { type EvaluateOptions, evaluate } from "../../src/evaluation/evaluate.js";
import { writeResults } from "../../src/evaluation/results-files.js";
import { generate } from "../../src/generation/generate.js";
import { scoreContinuations } from "../../src/generation/score-continuations.js";
import type { CausalLM } from "../../src/models/causal-lm.js";
import { loadModel } from "../../src/models/load-model.js";
import { hasShared, shared } from "../shared.js";

const context = {
  model: "m",
  config: {},
  systemInstruction: null,
  fewshotAsMultiturn: false,
  chatTemplate: null,
  date: new Date(0),
  version: "0",
};
const folder = mkdtempSync(join(tmpdir(), "evaluate-"));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const rows = (count: number): string =>
  Array.from(
    { length: count },
    (_, id) =>
      `${JSON.stringify({ q: `Item ${10 + id}`, a: String(id % 3), c: ["one", "two words"], g: id % 2 })}\n`,
  ).join("");

describe.skipIf(!hasShared)("with a model", () => {
  let model: CausalLM;
  let tokenizer: Tokenizer;

  beforeAll(async () => {
    model = await loadModel(shared("models/skills-812k"));
    tokenizer = await loadTokenizer(shared("models/skills-812k"));
  });
  afterAll(() => model.dispose());

  const writing = file(
    "writing.yaml",
    `task: writing
dataset_path: json
dataset_kwargs: {data_files: {test: rows.jsonl}}
test_split: test
doc_to_text: "{{q}} is"
doc_to_target: "{{a}}"
generation_kwargs: {until: ["\\n"], max_gen_toks: 4}
metric_list: [{metric: exact_match}]
`,
  );
  const choosing = file(
    "choosing.yaml",
    `task: choosing
dataset_path: json
dataset_kwargs: {data_files: {test: rows.jsonl}}
test_split: test
doc_to_text: "{{q}} is "
doc_to_target: g
doc_to_choice: c
target_delimiter: ""
output_type: multiple_choice
metric_list: [{metric: acc}]
`,
  );
  file("rows.jsonl", rows(70));

  const run = (options: Partial<EvaluateOptions>) =>
    evaluate({ tasks: [writing], model, tokenizer, ...options });

  it("writes what generate writes, and counts the answers that were cut", async () => {
    const before = liveTensorCount();
    const { tasks } = await run({ limit: 5 });
    expect(liveTensorCount()).toBe(before);
    const prompts = Array.from({ length: 5 }, (_, id) => `Item ${10 + id} is`);
    const texts = await generate(model, tokenizer, prompts, { maxNewTokens: 4, stopStrings: ["\n"] });
    expect(tasks[0]!.samples.map(({ resps }) => resps)).toEqual(texts.map(({ text }) => [[text]]));
    expect(tasks[0]!.truncated).toBe(texts.filter(({ finishReason }) => finishReason === "length").length);
    expect(tasks[0]!.rows).toBe(5);
  });

  it("scores choices: white space at the seam belongs to the choice", async () => {
    const { tasks } = await run({ tasks: [choosing], limit: 3 });
    for (const { doc_id, resps } of tasks[0]!.samples) {
      const [context, ...wholes] = await tokenizer.encodeBatch(
        ["", " one", " two words"].map((end) => `Item ${10 + doc_id} is${end}`),
      );
      const expected = await scoreContinuations(
        model,
        wholes.map((whole) => ({
          context: Int32Array.from(context!),
          continuation: Int32Array.from(whole.slice(context!.length)),
        })),
      );
      const found = (resps as string[][][]).map(([[text = ""] = []]) => Number(text));
      for (const [at, score] of found.entries()) expect(score).toBeCloseTo(expected[at]!.logProbability, 4);
    }
  });

  it("goes on where it was stopped, and begins anew with other settings", async () => {
    const straight = await run({});
    const workFolder = join(folder, "work");
    const resumed = { workFolder, modelIdentity: "m" };
    const stop = ({ answered }: EvaluationProgress) => {
      if (answered === 40) throw new Error("stopped");
    };
    await expect(run({ ...resumed, onProgress: stop })).rejects.toThrowError("stopped");
    const [name] = readdirSync(workFolder);
    const path = join(workFolder, name!);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(40);
    // What was kept is marked, to be known again; and the machine went down in the midst of a line.
    const marked = lines.map((line) => line.replace(/("doc_id":0,.*"text":)"[^"]*"/, '$1" kept"'));
    writeFileSync(path, `${marked.join("\n")}\n{"doc_id":64,"outp`);
    const answers = ({ tasks }: Awaited<ReturnType<typeof run>>) =>
      tasks[0]!.samples.map(({ resps }) => resps);
    const other = await run({ ...resumed, generation: { max_gen_toks: 3 }, limit: 1 });
    expect(answers(other)[0]).not.toEqual([[" kept"]]);
    // A run over fewer rows takes what it needs, and leaves the rest to the one that was stopped.
    const fewer = await run({ ...resumed, limit: 1 });
    expect(answers(fewer)).toEqual([[[" kept"]]]);
    expect(fewer.keptFiles).toEqual([]);
    const again = await run(resumed);
    expect(answers(again)).toEqual([[[" kept"]], ...answers(straight).slice(1)]);
    expect(again.keptFiles).toEqual([path]);
    // Answers stay until the results are there.
    expect(readdirSync(workFolder)).toContain(name);
    await writeResults(workFolder, again, context, false);
    expect(readdirSync(workFolder)).not.toContain(name);
  });

  it("says that prompts are longer than the context, and that an answer has no room", async () => {
    const long = file("long.jsonl", `${JSON.stringify({ q: "word ".repeat(400), a: "1" })}\n`);
    const { notes } = await run({ taskData: new Map([["writing", long]]) });
    expect(notes).toEqual([expect.stringMatching(/1 prompts are longer than the model's context/)]);
    await expect(run({ generation: { max_gen_toks: 5000 } })).rejects.toThrowError(
      expect.objectContaining({ code: "TASK_CONTEXT" }),
    );
  });

  it("draws the same sampled answers with the same seed", async () => {
    const sampled = { limit: 6, generation: { do_sample: true, temperature: 1 } };
    const [first, second, other] = [
      await run(sampled),
      await run(sampled),
      await run({ ...sampled, seed: 7 }),
    ];
    const texts = ({ tasks }: typeof first) => tasks[0]!.samples.map(({ resps }) => resps);
    expect(texts(first)).toEqual(texts(second));
    expect(texts(other)).not.toEqual(texts(first));
  });
});

it("writes no file outside of the folder, whatever a task is called", async () => {
  const task = file(
    "named.yaml",
    readFileSync(join(folder, "writing.yaml"), "utf8").replace("task: writing", "task: ../../a b"),
  );
  const predictions = file("one.jsonl", '{"doc_id": 0, "output": "0"}');
  const evaluation = await evaluate({ tasks: [task], predictions });
  await writeResults(join(folder, "named"), evaluation, context, true);
  expect(readdirSync(join(folder, "named")).sort()).toEqual([
    expect.stringMatching(/^results_/),
    expect.stringMatching(/^samples_\.\._\.\._a_b_/),
  ]);
});

describe("predictions", () => {
  it.each([
    ["a row that there is not", `{"doc_id": 99, "output": "a"}`, /doc_id 99.*70 rows/],
    ["a line that is no answer", `{"doc_id": 1}\n{"id": 2}`, /is no answer.*output/],
    [
      "two answers where one is wanted",
      `{"doc_id": 1, "output": "a"}\n{"doc_id": 1, "output": "b"}`,
      /2 answers/,
    ],
    ["nothing", "", /no answers to the task writing/],
    ["no JSON", "doc_id,output", /not valid JSON/],
  ])("with %s are refused", async (_, text, message) => {
    const predictions = file("predictions.jsonl", text);
    const evaluation = evaluate({ tasks: [join(folder, "writing.yaml")], predictions });
    await expect(evaluation).rejects.toThrowError(message);
  });
});
