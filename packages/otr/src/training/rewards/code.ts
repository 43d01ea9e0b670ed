import type { Sandbox } from "../../evaluation/sandbox/open-sandbox.js";
import type { RewardFunction } from "./reward.js";

/** A block of Python between fences. */
const BLOCK = /```(?:python|py)?[ \t]*\n(.*?)```/gis;

/**
 * 1 where the program of a completion reaches the end of the reference, which is the program that tests it; else 0. The
 * program is what stands in the last fenced block, or prompt and completion together where there is none.
 */
export const code =
  (sandbox: Pick<Sandbox, "run">): RewardFunction =>
  ({ prompts, completions, references }) =>
    Promise.all(
      completions.map(async (completion, at) => {
        const program = [...completion.matchAll(BLOCK)].at(-1)?.[1] ?? `${prompts[at]}${completion}`;
        const { passed } = await sandbox.run(`${program}\n${references[at]}`);
        return Number(passed);
      }),
    );
