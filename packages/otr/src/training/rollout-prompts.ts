/** @file The prompts of a data set that a model is to answer. */
import { describePlaces } from "../data/describe-places.js";
import type { MixedDataset } from "../data/load-sources.js";
import { DataError } from "../errors.js";
import { promptLengthOf } from "./rollout-row.js";

/** Rows that are read at a time. */
const BLOCK = 1024;

/**
 * Checks that each row has a prompt that leaves room for an answer.
 *
 * @param context tokens that the model reads at most
 * @throws {DataError} `ROLLOUT_PROMPT_MISSING`, `ROLLOUT_PROMPT_TOO_LONG`
 */
export async function checkRolloutPrompts({ rows, files }: MixedDataset, context: number): Promise<void> {
  for (let first = 0; first < rows.length; first += BLOCK) {
    const count = Math.min(BLOCK, rows.length - first);
    for (const row of await rows.read(Array.from({ length: count }, (_, at) => first + at))) {
      const length = promptLengthOf(row);
      if (length > 0 && length < context) continue;
      const place = describePlaces(files, [row.id]);
      if (length > 0)
        throw new DataError(
          "ROLLOUT_PROMPT_TOO_LONG",
          `${place} has a prompt of ${length} tokens, but the model's context holds ${context}, prompt and completion together; shorten the prompt, or leave the row out`,
        );
      throw new DataError(
        "ROLLOUT_PROMPT_MISSING",
        `${place} has no prompt that the model could answer: with loss_type grpo rows are {prompt, completion} or conversations, of which only the answer is learned; rows of text alone have none`,
      );
    }
  }
}
