"""Times transformers' generate on the CPU and prints one JSON line with the fields of one-generation.js.

usage: python transformers_run.py --model DIR --work FILE.json --batch N --threads N [--fp32]

Prompts are sorted by length and padded on the left. Rows of a batch that are done wait for the others, as generate has it.
"""
import argparse
import json
import os
import resource
import time

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--work", required=True)
parser.add_argument("--batch", type=int, required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--fp32", action="store_true")
options = parser.parse_args()

# Read when the libraries are imported.
os.environ.update(OMP_NUM_THREADS=str(options.threads), CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1",
                  TRANSFORMERS_VERBOSITY="error")
import torch
from transformers import AutoModelForCausalLM, StoppingCriteria, StoppingCriteriaList

torch.set_num_threads(options.threads)
with open(options.work) as file:
    work = json.load(file)
model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32 if options.fp32 else torch.bfloat16).eval()
model.generation_config.eos_token_id = None
model.generation_config.pad_token_id = 0


class OwnLengths(StoppingCriteria):
    """Each row ends by itself."""

    def __init__(self, prompt_tokens, new_tokens):
        self.ends = torch.tensor([prompt_tokens + count for count in new_tokens])

    def __call__(self, input_ids, scores, **_):
        return input_ids.shape[1] >= self.ends


@torch.inference_mode()
def generate(rows, new_tokens):
    longest = max(len(row["prompt"]) for row in rows)
    ids = torch.tensor([[0] * (longest - len(row["prompt"])) + row["prompt"] for row in rows])
    mask = torch.tensor([[0] * (longest - len(row["prompt"])) + [1] * len(row["prompt"]) for row in rows])
    output = model.generate(ids, attention_mask=mask, do_sample=False, max_new_tokens=max(new_tokens),
                            stopping_criteria=StoppingCriteriaList([OwnLengths(longest, new_tokens)]))
    return [output[row, longest:longest + count].tolist() for row, count in enumerate(new_tokens)]


generate(work[:4], [3] * len(work[:4]))
order = sorted(range(len(work)), key=lambda index: len(work[index]["prompt"]))
token_ids = [None] * len(work)
started, processor = time.perf_counter(), time.process_time()
for start in range(0, len(order), options.batch):
    batch = [work[index] for index in order[start:start + options.batch]]
    for index, ids in zip(order[start:start + options.batch], generate(batch, [row["new_tokens"] for row in batch])):
        token_ids[index] = ids
seconds = time.perf_counter() - started
print(json.dumps({
    "seconds": seconds,
    "tokens_per_s": sum(map(len, token_ids)) / seconds,
    "processor_s": time.process_time() - processor,
    "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "token_ids": token_ids,
}))
