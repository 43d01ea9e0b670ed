import { scope, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { chooseTokens } from "../../src/generation/choose-tokens.js";
import { resolveGenerationOptions } from "../../src/generation/generation-options.js";

const probabilities = [0.1, 0, 0.6, 0.3];

/** Draws one token for each of `rows` prompts of one token from the same distribution. */
function draw(rows: readonly number[], seed: number, tokenIds: number[] = [0]): number[] {
  return scope(() => {
    const logits = tensor(
      rows.flatMap(() => probabilities),
      { shape: [rows.length, 4] },
    ).log();
    const options = resolveGenerationOptions({ temperature: 1, seed });
    return chooseTokens(
      logits,
      rows.map((row) => ({ drawKey: { step: 0, row }, tokenIds })),
      options,
    );
  });
}

describe("chooseTokens", () => {
  it("takes the most probable token at temperature 0", () => {
    const chosen = scope(() =>
      chooseTokens(
        tensor([1, 3, 2, 9, 3, 2], { shape: [2, 3] }),
        [0, 1].map((row) => ({ drawKey: { step: 0, row }, tokenIds: [0] })),
        resolveGenerationOptions({}),
      ),
    );
    expect(chosen).toEqual([1, 0]);
  });

  it("draws each token as often as its probability says", () => {
    const count = 40_000;
    const counts = [0, 0, 0, 0];
    for (const token of draw(
      Array.from({ length: count }, (_, index) => index),
      1,
    ))
      counts[token]!++;
    for (const [token, probability] of probabilities.entries()) {
      const standardError = Math.sqrt((probability * (1 - probability)) / count);
      expect(Math.abs(counts[token]! / count - probability)).toBeLessThanOrEqual(4 * standardError);
    }
  });

  it("draws by seed, prompt and position, whatever else is in the batch", () => {
    const prompts = Array.from({ length: 64 }, (_, index) => index);
    const together = draw(prompts, 5);
    expect(prompts.flatMap((prompt) => draw([prompt], 5))).toEqual(together);
    expect(draw([...prompts].reverse(), 5).reverse()).toEqual(together);
    expect(draw(prompts, 6)).not.toEqual(together);
    expect(draw(prompts, 5, [0, 0])).not.toEqual(together);
  });
});
