import { verifyMathematics } from "../../evaluation/mathematics/verify-mathematics.js";
import type { RewardInput } from "./reward.js";

/** 1 where a completion's answer is mathematically that of the reference (docs/mathematical-equivalence.md); else 0. */
export const mathVerify = ({ completions, references }: RewardInput): Promise<number[]> =>
  Promise.all(
    completions.map(async (completion, at) => Number(await verifyMathematics(references[at]!, completion))),
  );
