/** @file Programs of lm-evaluation-harness's scripted outputs, run in the sandbox: the same pass as there. */
import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { openSandbox } from "../../src/evaluation/sandbox/open-sandbox.js";
import { probeSandbox } from "../../src/evaluation/sandbox/probe-sandbox.js";
import { hasShared, shared } from "../shared.js";

interface Sample {
  readonly target: string;
  readonly filtered_resps: readonly [string | readonly [string]];
  readonly [metric: string]: unknown;
}

const METRICS = {
  humaneval: "pass@1",
  humaneval_instruct: "pass@1",
  mbpp: "pass_at_1",
  mbpp_instruct: "pass_at_1",
};

const probe = await probeSandbox();
if (!probe.available) console.warn(`SKIPPED: this machine cannot provide a sandbox: ${probe.reason}`);

describe.skipIf(!hasShared || !probe.available)("programs of lm-evaluation-harness", () => {
  it.each(Object.entries(METRICS))("pass as there: %s", { timeout: 120_000 }, async (task, metric) => {
    vi.stubEnv("HF_ALLOW_CODE_EVAL", "1");
    const sandbox = await openSandbox({ confirmRunUnsafeCode: true });
    vi.unstubAllEnvs();
    const samples: readonly Sample[] = JSON.parse(
      readFileSync(shared(`reference/harness/${task}.json`), "utf8"),
    ).samples[task];
    const results = await Promise.all(
      samples.map(({ target, filtered_resps }) => sandbox.run(`${[filtered_resps[0]].flat()[0]}\n${target}`)),
    );
    expect(results.map(({ passed }) => Number(passed))).toEqual(samples.map((sample) => sample[metric]));
  });
});
