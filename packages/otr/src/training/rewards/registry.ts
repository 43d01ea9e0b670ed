import { basename, extname } from "node:path";
import { isRewardModule } from "../../config/reward-names.js";
import { exactMatch } from "./exact-match.js";
import { loadRewardModule } from "./load-reward-module.js";
import { mathVerify } from "./math-verify.js";
import type { Reward, RewardFunction } from "./reward.js";
import type { RewardName } from "../../config/reward-names.js";

/** The reward functions by name. To add one is to add a file, a row here and its name in `config/reward-names.ts`. */
const rewards: Readonly<Record<RewardName, RewardFunction>> = {
  exact_match: exactMatch,
  math_verify: mathVerify,
};

/**
 * The reward functions that `reward_funcs` names.
 *
 * @throws {DataError} `REWARD_MODULE_INVALID` for a module that cannot be loaded, or exports no function
 */
export async function loadRewards(names: readonly string[]): Promise<Reward[]> {
  return Promise.all(
    names.map(async (name) =>
      isRewardModule(name)
        ? { name: basename(name, extname(name)), judge: await loadRewardModule(name) }
        : { name, judge: rewards[name as RewardName] },
    ),
  );
}
