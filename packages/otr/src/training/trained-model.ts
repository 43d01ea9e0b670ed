/** @file What training changes, as it is now or as it was after some step. */
import { aten, keep, noGrad, scope, type Tensor } from "@one-token/torch";
import { CausalLM } from "../models/causal-lm.js";
import { LoraAdapter } from "../models/lora-adapter.js";
import type { ValueHead } from "../objectives/value-head.js";

/** A model, with its adapter if it has one, and the critic that is trained beside it. */
export interface TrainedModel {
  readonly model: CausalLM;
  readonly valueHead: ValueHead | null;
  /** What the optimizer updates: parameters of the model, or of its adapter, and the critic's (`value_head.*`). */
  readonly parameters: ReadonlyMap<string, Tensor>;
}

/** Copies of tensors, outside of scopes; on the CPU where nothing else is said. */
export function copyTensors(tensors: ReadonlyMap<string, Tensor>, device = "cpu"): Map<string, Tensor> {
  const copies = new Map<string, Tensor>();
  try {
    for (const [name, tensor] of tensors) copies.set(name, copyTensor(tensor, device));
    return copies;
  } catch (error) {
    for (const copy of copies.values()) copy.dispose();
    throw error;
  }
}

const copyTensor = (tensor: Tensor, device: string): Tensor =>
  noGrad(() => scope(() => keep(aten._to_copy(tensor.detach(), { device }))));

/** A trained model as it was when it was copied; what is not trained is the model's own. */
export class CopiedModel implements TrainedModel {
  readonly model: CausalLM;
  readonly valueHead: ValueHead | null;
  readonly parameters: ReadonlyMap<string, Tensor>;

  /** @param device where the copies lie */
  constructor({ model, valueHead, parameters }: TrainedModel, device = "cpu") {
    const copies = copyTensors(parameters, device);
    const copyOf = (names: ReadonlyMap<string, Tensor>) =>
      new Map([...names].map(([name, tensor]) => [name, copies.get(name) ?? tensor]));
    const { config, spec, eosTokenIds, storedDType, quantized, adapter } = model;
    this.parameters = copies;
    this.model = new CausalLM(config, spec, copyOf(model.parameters), eosTokenIds, storedDType, quantized);
    if (adapter)
      this.model.adapter = new LoraAdapter(adapter.config, adapter.layout, copyOf(adapter.parameters));
    this.valueHead = valueHead && {
      weight: copies.get("value_head.weight")!,
      bias: copies.get("value_head.bias")!,
    };
  }

  /** Frees the copies. */
  dispose(): void {
    for (const copy of this.parameters.values()) copy.dispose();
  }
}
