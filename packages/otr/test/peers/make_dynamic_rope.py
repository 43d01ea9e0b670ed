"""A tiny model with `dynamic` rotary scaling, with what Hugging Face transformers computes of texts beyond its length.

usage: python make_dynamic_rope.py OUT         (torch 2.11.0, transformers 5.23.0, safetensors; float32, one thread)

OUT/ holds config.json, generation_config.json, model.safetensors and reference.safetensors. Each text is a batch of its own,
computed by a model that has seen no other: transformers rotates by the longest text so far.
  input_ids_N (N) int64, logits_N (N, V)    a text of N tokens; the model was made for 16
  greedy_N (48 - N) int64                   how it goes on with a key-value cache, to three times that length
"""
import pathlib
import sys

import torch
import transformers
from safetensors.torch import save_file

CONFIG = transformers.LlamaConfig(
    vocab_size=64, hidden_size=16, intermediate_size=40, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
    max_position_embeddings=16, bos_token_id=1, eos_token_id=2, pad_token_id=0,
    rope_parameters={"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 3.0})
LENGTHS, CONTEXT = (8, 16, 17, 30), 48

if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(500)
    folder = pathlib.Path(sys.argv[1])
    made = transformers.AutoModelForCausalLM.from_config(CONFIG, dtype=torch.float32, attn_implementation="eager").eval()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(torch.randn_like(parameter) * (0.1 if parameter.dim() == 1 else 0.3))
    made.save_pretrained(folder)

    tensors = {}
    for length in LENGTHS:
        load = lambda: transformers.AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager").eval()
        input_ids = torch.randint(3, CONFIG.vocab_size, (1, length))
        with torch.no_grad():
            logits = load()(input_ids=input_ids).logits
            text = load().generate(input_ids, do_sample=False, max_length=CONTEXT, min_length=CONTEXT, use_cache=True)
        tensors |= {f"input_ids_{length}": input_ids[0], f"logits_{length}": logits[0].contiguous(),
                    f"greedy_{length}": text[0, length:].contiguous()}
    save_file(tensors, folder / "reference.safetensors")
