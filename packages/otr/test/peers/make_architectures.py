"""Tiny random models of families and settings, with what Hugging Face transformers computes of them.

usage: python make_architectures.py OUT        (torch 2.11.0, transformers 5.23.0, safetensors; float32, one thread)

OUT/NAME/ holds config.json, generation_config.json and model.safetensors as transformers saves them, gradients.safetensors
(d loss / d parameter, by name) and reference.safetensors:
  input_ids, labels, attention_mask (2, 24) int64   the second row ends at 17; labels are -100 there and on the first 8
  logits (2, 24, V), loss ()                         of the padded batch, loss the mean cross entropy over the labels
  packed_logits (1, 41, V)                           each row computed alone, end to end
  greedy (1, 16) int64                               how the first row goes on
"""
import pathlib
import sys

import torch
import transformers
from safetensors.torch import save_file

SIZES = dict(vocab_size=64, hidden_size=16, intermediate_size=40, num_hidden_layers=2, num_attention_heads=2,
             num_key_value_heads=1, max_position_embeddings=128, bos_token_id=1, eos_token_id=2, pad_token_id=0)
EXPERTS = SIZES | dict(intermediate_size=24, num_experts_per_tok=2)


def rotation(**settings):
    return {"rope_theta": 10000.0, **settings}


MODELS = {
    "gemma": transformers.GemmaConfig(**SIZES, head_dim=16),
    "granite": transformers.GraniteConfig(**SIZES, tie_word_embeddings=True, embedding_multiplier=3.0,
                                          attention_multiplier=0.2, residual_multiplier=0.4, logits_scaling=2.0),
    "phi3_partial": transformers.Phi3Config(**SIZES, tie_word_embeddings=True, sliding_window=9,
                                            rope_parameters=rotation(rope_type="default", partial_rotary_factor=0.75)),
    "phi3_longrope": transformers.Phi3Config(
        **SIZES, original_max_position_embeddings=12,
        rope_parameters=rotation(rope_type="longrope", short_factor=[1.0, 1.1, 1.2, 1.3], long_factor=[1.0, 1.5, 2.5, 4.0])),
    "qwen2_yarn": transformers.Qwen2Config(
        **SIZES, rope_parameters=rotation(rope_type="yarn", factor=4.0, original_max_position_embeddings=32)),
    "mixtral": transformers.MixtralConfig(**EXPERTS, num_local_experts=4),
    "qwen3_moe": transformers.Qwen3MoeConfig(**EXPERTS, head_dim=8, num_experts=4, moe_intermediate_size=16,
                                             norm_topk_prob=True, mlp_only_layers=[0]),
}
LENGTHS, PROMPT, NEW = (24, 17), 8, 16


def saved_names(name, named):
    """Tensors by the names of the file: there, each expert's matrices are apart."""
    of_mixtral = name == "mixtral"
    for key, value in named:
        key = key.replace(".mlp.", ".block_sparse_moe.") if of_mixtral else key
        prefix, _, matrix = key.rpartition(".experts.")
        if not prefix:
            yield key, value
        for expert, part in enumerate(value if prefix else []):
            names = ("w1", "w3", "w2") if of_mixtral else ("gate_proj", "up_proj", "down_proj")
            parts = zip(names[:2], part.chunk(2)) if matrix == "gate_up_proj" else [(names[2], part)]
            for short, tensor in parts:
                yield f"{prefix}.experts.{expert}.{short}.weight", tensor.contiguous()


def make(name, config, folder, seed):
    torch.manual_seed(seed)
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager").eval()
    with torch.no_grad():
        for parameter in model.parameters():  # no norm or bias like another, logits that differ
            parameter.add_(torch.randn_like(parameter) * (0.1 if parameter.dim() == 1 else 0.06))
    model.save_pretrained(folder)

    input_ids = torch.randint(3, SIZES["vocab_size"], (2, LENGTHS[0]))
    attention_mask = torch.ones_like(input_ids)
    for row, length in enumerate(LENGTHS):
        input_ids[row, length:] = attention_mask[row, length:] = 0
    labels = input_ids.masked_fill(attention_mask == 0, -100)
    labels[:, :PROMPT] = -100
    logits = model(input_ids=input_ids, attention_mask=attention_mask).logits
    loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=-100)
    loss.backward()
    gradients = dict(saved_names(name, [(key, parameter.grad) for key, parameter in model.named_parameters()]))

    with torch.no_grad():
        alone = [model(input_ids=input_ids[row:row + 1, :length]).logits for row, length in enumerate(LENGTHS)]
        text = input_ids[:1]
        for _ in range(NEW):
            text = torch.cat([text, model(input_ids=text).logits[:, -1:].argmax(-1)], 1)
    save_file(gradients, folder / "gradients.safetensors")
    save_file({"input_ids": input_ids, "labels": labels, "attention_mask": attention_mask, "loss": loss.detach(),
               "logits": logits.detach().contiguous(), "packed_logits": torch.cat(alone, 1).contiguous(),
               "greedy": text[:, LENGTHS[0]:].contiguous()}, folder / "reference.safetensors")
    print(name, float(loss))


if __name__ == "__main__":
    torch.set_num_threads(1)
    for number, (name, config) in enumerate(MODELS.items()):
        folder = pathlib.Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        make(name, config, folder, 200 + number)
