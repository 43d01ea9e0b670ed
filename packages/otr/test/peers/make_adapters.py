"""Tiny LoRA adapters as PEFT writes them, with what PEFT computes of them.

usage: python make_adapters.py ARCHITECTURES OUT     (torch 2.11.0, transformers 5.23.0, peft 0.21.2; float32, one thread)

ARCHITECTURES is the folder that make_architectures.py has written. OUT/NAME/ holds adapter_config.json and
adapter_model.safetensors, whose base_model_name_or_path is the name of the base among ARCHITECTURES, and
reference.safetensors:
  input_ids (1, 24) int64, logits (1, 24, V), loss ()   loss: mean cross entropy of the next token
  gradient.KEY                                           d loss / d parameter, by the key of adapter_model.safetensors

Pairs of the experts of a mixture are written here as PEFT wrote them while transformers held each expert's matrices apart
(before version 5), and read by PEFT, which has the logits alone: it fuses the pairs.
"""
import json
import pathlib
import sys

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file

ADAPTERS = {
    "lora": ("gemma", dict(r=3, lora_alpha=6, target_modules=["q_proj", "v_proj", "down_proj"])),
    "rslora_saved": ("qwen2_yarn", dict(r=4, lora_alpha=8, use_rslora=True, target_modules=r".*\.1\..*(q|up)_proj",
                                        modules_to_save=["lm_head", "input_layernorm"])),
    "dora": ("granite", dict(r=2, lora_alpha=4, use_dora=True, target_modules="all-linear")),
    "saved_embedding": ("granite", dict(r=2, lora_alpha=4, target_modules=["q_proj"], modules_to_save=["embed_tokens"])),
    "fused": ("phi3_longrope", dict(r=2, lora_alpha=2, target_modules=["qkv_proj", "gate_up_proj"])),
    "tied_vocabulary": ("gemma", dict(r=2, lora_alpha=4, target_modules=["embed_tokens", "lm_head", "q_proj"])),
    "scaled_vocabulary": ("granite", dict(r=2, lora_alpha=4, use_rslora=True, target_modules=r".*(embed_tokens|lm_head|o_proj)",
                                          rank_pattern={"lm_head": 5}, alpha_pattern={r"1\.self_attn\.o_proj": 3})),
    "patterns": ("qwen2_yarn", dict(r=2, lora_alpha=4, target_modules=["q_proj", "up_proj", "lm_head"],
                                    rank_pattern={r"^model\.layers\.0\..*": 3, "q_proj": 1}, alpha_pattern={"up_proj": 7})),
}
# Base, the names of an expert's matrices, and target_modules; the first layer of qwen3_moe has no experts.
EXPERTS = {
    "experts_mixtral": ("mixtral", "block_sparse_moe", ("w1", "w3", "w2"), ["q_proj", "w1", "w2", "w3"]),
    "experts_qwen3": ("qwen3_moe", "mlp", ("gate_proj", "up_proj", "down_proj"),
                      r".*(q_proj|experts\.(\d+\.)?(gate|up|down)_proj)"),
}


def write_experts(architectures, folder, base, block, names, target_modules):
    """Pairs of rank 2 beside the query projections and the experts."""
    model = transformers.AutoModelForCausalLM.from_pretrained(architectures / base, attn_implementation="eager").eval()
    hidden, inner = model.config.hidden_size, model.model.layers[-1].mlp.experts.down_proj.shape[-1]
    shapes = [(inner, hidden), (inner, hidden), (hidden, inner)]
    modules = {}
    for layer in range(model.config.num_hidden_layers):
        prefix = f"base_model.model.model.layers.{layer}"
        modules[f"{prefix}.self_attn.q_proj"] = model.model.layers[layer].self_attn.q_proj.weight.shape
        for expert in range(getattr(getattr(model.model.layers[layer].mlp, "experts", None), "num_experts", 0)):
            modules.update({f"{prefix}.{block}.experts.{expert}.{name}": shape for name, shape in zip(names, shapes)})
    tensors = {}
    for name, (outputs, inputs) in modules.items():
        tensors[f"{name}.lora_A.weight"] = torch.randn(2, inputs) * 0.3
        tensors[f"{name}.lora_B.weight"] = torch.randn(outputs, 2) * 0.3
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "adapter_model.safetensors")
    config = peft.LoraConfig(task_type="CAUSAL_LM", r=2, lora_alpha=4, target_modules=target_modules)
    config.base_model_name_or_path = base
    config.save_pretrained(folder)
    input_ids = torch.randint(3, model.config.vocab_size, (1, 24))
    with torch.no_grad():
        logits = peft.PeftModel.from_pretrained(model, folder).eval()(input_ids=input_ids).logits
    save_file({"input_ids": input_ids, "logits": logits.contiguous()}, folder / "reference.safetensors")


if __name__ == "__main__":
    torch.set_num_threads(1)
    architectures, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    for number, (name, (base, settings)) in enumerate(ADAPTERS.items()):
        torch.manual_seed(300 + number)
        loaded = transformers.AutoModelForCausalLM.from_pretrained(architectures / base, attn_implementation="eager").eval()
        model = peft.get_peft_model(loaded, peft.LoraConfig(task_type="CAUSAL_LM", **settings)).eval()
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.requires_grad:
                    parameter.add_(torch.randn_like(parameter) * 0.1)
        input_ids = torch.randint(3, loaded.config.vocab_size, (1, 24))
        logits = model(input_ids=input_ids).logits
        loss = torch.nn.functional.cross_entropy(logits[0, :-1], input_ids[0, 1:])
        loss.backward()
        folder = out / name
        model.save_pretrained(folder)
        (folder / "README.md").unlink(missing_ok=True)
        config = json.loads((folder / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = base
        (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")
        # A gradient is named as PEFT names its parameter in the file.
        for parameter in model.parameters():
            parameter.data = parameter.grad if parameter.grad is not None else parameter.data
        # Frozen embeddings and heads, which PEFT stores beside their pairs, have none.
        is_trained = lambda key: ".base_layer." not in key
        gradients = {key: value for key, value in peft.get_peft_model_state_dict(model).items() if is_trained(key)}
        assert gradients.keys() == set(filter(is_trained, load_file(folder / "adapter_model.safetensors")))
        save_file({"input_ids": input_ids, "logits": logits.detach().contiguous(), "loss": loss.detach(),
                   **{f"gradient.{key}": value.contiguous() for key, value in gradients.items()}},
                  folder / "reference.safetensors")
        print(name, float(loss), len(gradients))
    for number, (name, expert) in enumerate(EXPERTS.items()):
        torch.manual_seed(400 + number)
        write_experts(architectures, out / name, *expert)
        print(name)
