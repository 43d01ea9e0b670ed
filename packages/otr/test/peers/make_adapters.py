"""Tiny LoRA adapters as PEFT writes them, with what PEFT computes of them.

usage: python make_adapters.py ARCHITECTURES OUT     (torch 2.11.0, transformers 5.23.0, peft 0.21.2; float32, one thread)

ARCHITECTURES is the folder that make_architectures.py has written. OUT/NAME/ holds adapter_config.json and
adapter_model.safetensors, whose base_model_name_or_path is the name of the base among ARCHITECTURES, and
reference.safetensors:
  input_ids (1, 24) int64, logits (1, 24, V), loss ()   loss: mean cross entropy of the next token
  gradient.KEY                                           d loss / d parameter, by the key of adapter_model.safetensors
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
}

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
        gradients = peft.get_peft_model_state_dict(model)
        assert gradients.keys() == load_file(folder / "adapter_model.safetensors").keys()
        save_file({"input_ids": input_ids, "logits": logits.detach().contiguous(), "loss": loss.detach(),
                   **{f"gradient.{key}": value.contiguous() for key, value in gradients.items()}},
                  folder / "reference.safetensors")
        print(name, float(loss), len(gradients))
