/** @file A feed-forward network of experts, of which each token passes some (Mixtral, arXiv 2401.04088, equation 3). */
import { aten, type Tensor } from "@one-token/torch";
import type { MixtureSpec } from "./decoder-spec.js";
import type { LinearWeights } from "./decoder-weights.js";
import { linear } from "./linear.js";

/**
 * Each token's sum over its chosen experts, weighted by the router's softmax, which is computed in float32 or wider.
 *
 * The tokens are laid side by side expert by expert, so that each expert computes all of its tokens at once and none that
 * is not its own. How many those are is read from the device once a layer.
 *
 * @param input `(T, D)`
 * @param feedForward the output `(n, D)` of an expert for tokens `(n, D)`; not called for an expert that no token chose
 * @returns `(T, D)`
 */
export function mixtureOfExperts(
  input: Tensor,
  router: LinearWeights,
  { experts, expertsPerToken, isNormalised }: MixtureSpec,
  feedForward: (expert: number, tokens: Tensor) => Tensor,
): Tensor {
  const { dtype } = input;
  const scores = linear(input, router)
    .to(dtype === "float64" ? dtype : "float32")
    .softmax(-1);
  const [chosenScores, chosen] = aten.topk(scores, expertsPerToken, -1);
  const shares = isNormalised ? chosenScores.div(chosenScores.sum(-1, true)) : chosenScores;
  const flat = chosen.reshape([-1]);
  const order = aten.argsort.stable(flat, { stable: true });
  const tokens = aten.div.Scalar_mode(order, expertsPerToken, { rounding_mode: "floor" });
  const counts = aten.bincount(flat, null, experts).toArray();

  const sorted = input.indexSelect(0, tokens);
  const outputs: Tensor[] = [];
  let start = 0;
  for (const [expert, count] of counts.entries()) {
    if (count > 0) outputs.push(feedForward(expert, sorted.narrow(0, start, count)));
    start += count;
  }
  const weights = shares.reshape([-1]).indexSelect(0, order).to(dtype).unsqueeze(1);
  return aten.index_add(aten.zeros_like(input.detach()), 0, tokens, aten.cat(outputs).mul(weights));
}
