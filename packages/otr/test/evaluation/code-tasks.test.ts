import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { probeSandbox } from "../../src/evaluation/sandbox/probe-sandbox.js";
import { harnessData, harnessReference, hasShared, predictionsOf } from "./harness-reference.js";

const FILES = ["humaneval", "humaneval_instruct", "mbpp", "mbpp_instruct"];
const { available } = await probeSandbox();

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(!hasShared || !available)("programs scored as lm-evaluation-harness scores", () => {
  it.each(FILES)("%s", { timeout: 120_000 }, async (task) => {
    vi.stubEnv("HF_ALLOW_CODE_EVAL", "1");
    const reference = harnessReference(`${task}.json`);
    const { tasks } = await evaluate({
      tasks: [task],
      taskData: harnessData(),
      predictions: predictionsOf(reference),
      eosString: "<|endoftext|>",
      confirmRunUnsafeCode: true,
    });
    const written = tasks[0]!.samples.map(({ truncated: _, ...sample }) =>
      JSON.parse(JSON.stringify(sample)),
    );
    expect(written).toEqual(reference.samples[task]);
    const results = Object.fromEntries(
      tasks[0]!.metrics.flatMap(({ metric, filter, value, standardError }) => [
        [`${metric},${filter}`, value],
        [`${metric}_stderr,${filter}`, standardError],
      ]),
    );
    expect(reference.results.results[task]).toMatchObject(results);
  });
});

describe.skipIf(!available)("modules that tests import", () => {
  it("are looked for before a model is asked", async () => {
    vi.stubEnv("HF_ALLOW_CODE_EVAL", "1");
    const folder = mkdtempSync(join(tmpdir(), "code-tasks-"));
    const data = join(folder, "rows.jsonl");
    const row = { prompt: "def f():\n", test: "import no_such_module\ndef check(f): pass", entry_point: "f" };
    writeFileSync(data, `${JSON.stringify(row)}\n`);
    const evaluation = evaluate({
      tasks: ["humaneval_plus"],
      taskData: new Map([["humaneval_plus", data]]),
      confirmRunUnsafeCode: true,
      model: () => Promise.reject(new Error("the model was asked for")),
    });
    await expect(evaluation).rejects.toThrowError(/the tests need no_such_module, and .* cannot import that/);
  });
});

describe("without consent", () => {
  it("runs nothing", async () => {
    const evaluation = evaluate({
      tasks: ["humaneval"],
      predictions: "none.jsonl",
      confirmRunUnsafeCode: true,
    });
    await expect(evaluation).rejects.toThrowError(/HF_ALLOW_CODE_EVAL/);
  });
});
