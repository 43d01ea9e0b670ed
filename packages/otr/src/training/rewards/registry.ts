import { basename, extname } from "node:path";
import { isRewardModule, type RewardName } from "../../config/reward-names.js";
import type { TrainConfig } from "../../config/train-options.js";
import { openSandbox } from "../../evaluation/sandbox/open-sandbox.js";
import { code } from "./code.js";
import { exactMatch } from "./exact-match.js";
import { loadRewardModule } from "./load-reward-module.js";
import { mathVerify } from "./math-verify.js";
import type { Reward, RewardFunction } from "./reward.js";

type RewardOptions = Pick<TrainConfig, "rewardFuncs" | "confirmRunUnsafeCode">;

/** The reward functions by name. To add one is to add a file, a row here and its name in `config/reward-names.ts`. */
const rewards: Readonly<
  Record<RewardName, (options: RewardOptions) => RewardFunction | Promise<RewardFunction>>
> = {
  exact_match: () => exactMatch,
  math_verify: () => mathVerify,
  code: async (options) => code(await openSandbox(options)),
};

/**
 * The reward functions that `reward_funcs` names.
 *
 * @throws {DataError} `REWARD_MODULE_INVALID` for a module that cannot be loaded, or exports no function
 * @throws {ConfigError}, {RunError} `SANDBOX_UNAVAILABLE` as `openSandbox`, where programs are to be run
 */
export async function loadRewards(options: RewardOptions): Promise<Reward[]> {
  return Promise.all(
    options.rewardFuncs.map(async (name) =>
      isRewardModule(name)
        ? { name: basename(name, extname(name)), judge: await loadRewardModule(name) }
        : { name, judge: await rewards[name as RewardName](options) },
    ),
  );
}
