import { keep, noGrad, scope, type Tensor } from "@one-token/torch";

/**
 * A tensor of each entry, which lives outside of scopes. Where one cannot be made, those before it are freed.
 *
 * @param makers name and what makes the tensor, in whose scope everything else that it made is freed
 * @param trainable whether they record gradients
 */
export function makeParameters(
  makers: Iterable<readonly [name: string, make: () => Tensor]>,
  trainable: boolean,
): Map<string, Tensor> {
  const parameters = new Map<string, Tensor>();
  try {
    for (const [name, make] of makers) {
      const parameter = noGrad(() => scope(() => keep(make())));
      parameters.set(name, parameter);
      parameter.requiresGrad = trainable;
    }
    return parameters;
  } catch (error) {
    for (const parameter of parameters.values()) parameter.dispose();
    throw error;
  }
}
