import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aggregateTask } from "../../src/evaluation/aggregate.js";
import { buildRequests, type TaskRequest } from "../../src/evaluation/build-requests.js";
import { type Answer, scoreTask, sha256 } from "../../src/evaluation/score-task.js";
import { findTasks } from "../../src/evaluation/task-files.js";
import { openTask } from "../../src/evaluation/task.js";

interface Written {
  readonly rows: Readonly<Record<string, readonly object[]>>;
  readonly num_fewshot: number | null;
  /** What the scripted model said: log-likelihoods, or texts. */
  readonly said: readonly (string | readonly [number, boolean])[];
  readonly samples: readonly Readonly<Record<string, unknown>>[];
  readonly results: Readonly<Record<string, unknown>>;
  readonly task_hash: string;
}

const reference: Readonly<Record<string, Written>> = JSON.parse(
  readFileSync(new URL("../references/harness-choices.json", import.meta.url), "utf8"),
);

/** The scripted answers, a request's after the other. */
function answersOf(requests: readonly TaskRequest[], said: Written["said"]): Answer[] {
  let next = 0;
  return requests.map(({ continuations }) => {
    const own = said.slice(next, next + Math.max(1, continuations.length));
    next += own.length;
    return {
      outputs: own.flatMap((each) => (typeof each === "string" ? [{ text: each, truncated: false }] : [])),
      scores: own.flatMap((each) =>
        typeof each === "string" ? [] : [{ logProbability: each[0], isGreedy: each[1] }],
      ),
    };
  });
}

describe("asked and scored as lm-evaluation-harness does", () => {
  it.each(Object.entries(reference))("%s", async (name, written) => {
    const folder = mkdtempSync(join(tmpdir(), "choices-"));
    const taskData = new Map<string, string>();
    for (const [split, rows] of Object.entries(written.rows)) {
      const file = join(folder, `${split}.jsonl`);
      writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
      taskData.set(`${name}:${split}`, file);
    }
    const found = findTasks([name]).tasks[0]!;
    const config = { ...found.config, num_fewshot: written.num_fewshot ?? found.config.num_fewshot };
    const task = await openTask({ ...found, config }, { taskData, openHubDataset: null });
    const requests = buildRequests(
      task,
      task.documents.map((_, id) => id),
      { chatTemplate: null, fewShotAsMultiturn: false, systemInstruction: null, fewShotSeed: 1234 },
    );
    const scores = await scoreTask(task, requests, answersOf(requests, written.said), {
      tools: { runProgram: () => Promise.reject(new Error("no programs here")) },
      stops: ["</s>", "Q", "\n\n"],
    });
    const samples = scores.samples.map(({ truncated: _, ...sample }) => JSON.parse(JSON.stringify(sample)));
    expect(samples).toEqual(written.samples);
    const hashes = scores.samples.map(
      ({ doc_hash, prompt_hash, target_hash }) => doc_hash + prompt_hash + target_hash,
    );
    expect(sha256(hashes.join(""))).toBe(written.task_hash);
    for (const { metric, filter, value, standardError } of aggregateTask(task, scores)) {
      expect(value).toBeCloseTo(written.results[`${metric},${filter}`] as number, 12);
      expect(standardError).toBeCloseTo(written.results[`${metric}_stderr,${filter}`] as number, 12);
    }
  });
});
