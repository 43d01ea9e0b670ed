import { CausalLM } from "./causal-lm.js";
import { isProjection } from "./parameter-layout.js";
import { type Quantization, QuantizedMatrix } from "./quantized-matrix.js";

/** The model with its projections in few bits. Takes over the parameters of `model`, which is of no use afterwards. */
export function quantizeModel(model: CausalLM, quantization: Quantization): CausalLM {
  const { config, spec, eosTokenIds, storedDType } = model;
  const parameters = new Map(model.parameters);
  const quantized = new Map<string, QuantizedMatrix>();
  for (const [name, parameter] of model.parameters) {
    if (!isProjection(name, parameter.shape)) continue;
    quantized.set(name, QuantizedMatrix.of(parameter, quantization));
    parameters.delete(name);
    parameter.dispose();
  }
  return new CausalLM(config, spec, parameters, eosTokenIds, storedDType, quantized);
}
