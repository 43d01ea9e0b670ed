import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { ConfigError } from "../../../src/errors.js";
import { probeSandbox } from "../../../src/evaluation/sandbox/probe-sandbox.js";
import { code } from "../../../src/training/rewards/code.js";
import { judgeCompletions } from "../../../src/training/rewards/judge-completions.js";
import { loadRewards } from "../../../src/training/rewards/registry.js";

const folder = mkdtempSync(join(tmpdir(), "otr-rewards-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});
const probe = await probeSandbox();
if (!probe.available) console.warn(`SKIPPED: this machine cannot provide a sandbox: ${probe.reason}`);

/** A module is loaded once: each has a name of its own. */
let written = 0;
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
/** What a reward says of completions, each beside its reference. */
async function rewardsOf(
  rewardFunc: string,
  pairs: readonly (readonly [completion: string, reference: string])[],
  confirmRunUnsafeCode = false,
) {
  const rewards = await loadRewards({ rewardFuncs: [rewardFunc], confirmRunUnsafeCode });
  const input = {
    prompts: pairs.map(() => "def two():\n"),
    completions: pairs.map(([completion]) => completion),
    references: pairs.map(([, reference]) => reference),
  };
  return (await judgeCompletions(input, rewards, [1])).rewards;
}

describe("reward functions", () => {
  it("exact_match compares texts without space around them", async () => {
    const pairs = [
      [" yes\n", "yes"],
      ["Yes", "yes"],
      ["", " "],
    ] as const;
    expect(await rewardsOf("exact_match", pairs)).toEqual([1, 0, 1]);
  });

  it("math_verify compares what answers mean", async () => {
    const pairs = [
      ["so it is $\\frac{1}{2}$", "The answer is \\boxed{0.5}"],
      ["it is 71", "#### 72"],
      ["no number", "#### 72"],
    ] as const;
    expect(await rewardsOf("math_verify", pairs)).toEqual([1, 0, 0]);
  });

  it("a module's own function may wait, and have no opinion", async () => {
    const path = write(
      "own.mjs",
      "export default async ({ completions, references }) => completions.map((text, at) => (text === '' ? null : text.length - references[at].length));",
    );
    expect(
      await rewardsOf(path, [
        ["four", "one"],
        ["", "one"],
      ]),
    ).toEqual([1, Number.NaN]);
  });

  it.each([
    ["broken.mjs", "export default (", /cannot be loaded: /],
    [
      "nothing.mjs",
      "export const reward = () => [];",
      /exports no function by default; write "export default/,
    ],
  ])("a module that is no reward function is refused: %s", async (name, text, message) => {
    const path = write(name, text);
    const loading = loadRewards({ rewardFuncs: [path], confirmRunUnsafeCode: false });
    await expect(loading).rejects.toMatchObject({ code: "REWARD_MODULE_INVALID" });
    await expect(loading).rejects.toThrow(message);
  });

  it.each([
    ["() => [1]", /gave 1 rewards for 2 completions/],
    ["() => 5", /gave 5 for 2 completions/],
    ["() => [1, '2']", /gave "2" for the completion "b"; give a finite number, or null/],
    ["() => [NaN, 1]", /gave NaN for the completion "a"/],
    ["() => { throw new Error('no network') }", /the reward function \w+ failed: no network/],
  ])("what a function gives is checked: %s", async (text, message) => {
    const path = write(`gives_${written++}.mjs`, `export default ${text};`);
    const judging = rewardsOf(path, [
      ["a", ""],
      ["b", ""],
    ]);
    await expect(judging).rejects.toMatchObject({ code: "REWARD_INVALID" });
    await expect(judging).rejects.toThrow(message);
  });

  it("code wants both switches before it runs anything", async () => {
    vi.stubEnv("HF_ALLOW_CODE_EVAL", undefined);
    await expect(loadRewards({ rewardFuncs: ["code"], confirmRunUnsafeCode: true })).rejects.toThrow(
      ConfigError,
    );
  });

  it("code takes the last fenced block, or prompt and completion", async () => {
    const programs: string[] = [];
    const sandbox = {
      run: async (program: string) => {
        programs.push(program);
        const passed = program.includes("good");
        return { passed, reason: "failed", stderrTail: "", seconds: 0, attempts: 1 } as const;
      },
    };
    const completions = ["First\n```python\nbad\n```\nthen\n```\ngood\n```\nDone.", "  return 2"];
    const input = { prompts: ["p1 ", "def two():\n"], completions, references: ["test 1", "test 2"] };
    expect(await code(sandbox)(input)).toEqual([1, 0]);
    expect(programs).toEqual(["good\n\ntest 1", "def two():\n  return 2\ntest 2"]);
  });

  it.skipIf(!probe.available)("code runs programs in the sandbox", async () => {
    vi.stubEnv("HF_ALLOW_CODE_EVAL", "1");
    const pairs = [
      ["  return 2", "assert two() == 2"],
      ["  return 3", "assert two() == 2"],
      ["  import os; os._exit(0)", "assert two() == 2"],
    ] as const;
    expect(await rewardsOf("code", pairs, true)).toEqual([1, 0, 0]);
  });
});
