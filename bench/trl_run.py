"""Times one run of TRL's SFTTrainer on the CPU and prints one JSON line with the fields of one-run.js.

usage: python trl_run.py --model DIR --data FILE.jsonl [--loss nll|dft] [--steps N] [--warm N] [--batch N] [--max-length N]
                         [--threads N] [--fp32] [--checkpointing] [--packing] [--compile] [--lora]

DIR is a Hugging Face model folder with weights; FILE.jsonl holds rows of {"prompt": ..., "completion": ...}. --lora
trains a LoRA adapter of all linear modules with TRL's defaults (r 16, alpha 32, dropout 0.05). Needs trl, transformers,
datasets and torch, and peft for --lora.
"""
import argparse
import json
import os
import resource
import tempfile
import time

started = time.perf_counter()

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--loss", default="nll")
for name, default in {"steps": 6, "warm": 2, "batch": 4, "max-length": 512, "threads": 2}.items():
    parser.add_argument(f"--{name}", type=int, default=default)
for name in ("fp32", "checkpointing", "packing", "compile", "lora"):
    parser.add_argument(f"--{name}", action="store_true")
options = parser.parse_args()

# Read when the libraries are imported.
os.environ.update(OMP_NUM_THREADS=str(options.threads), CUDA_VISIBLE_DEVICES="", HF_HUB_OFFLINE="1",
                  TRANSFORMERS_VERBOSITY="error")
import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import SFTConfig, SFTTrainer

torch.set_num_threads(options.threads)
total_steps = options.warm + options.steps


def read_rows():
    """Enough rows for all steps, in the file's order, from its beginning again where it ends; more where they are packed."""
    with open(options.data) as file:
        rows = [json.loads(line) for line in file]
    count = total_steps * options.batch * (8 if options.packing else 1)
    return [{key: rows[index % len(rows)][key] for key in ("prompt", "completion")} for index in range(count)]


class StepClock(TrainerCallback):
    def __init__(self):
        self.wall, self.processor = [], []

    def on_step_end(self, *_arguments, **_keywords):
        self.wall.append(time.perf_counter())
        self.processor.append(time.process_time())


class CountingTrainer(SFTTrainer):
    """Remembers how many real and how many supervised tokens each step has."""

    counts = []

    def training_step(self, model, inputs, *arguments, **keywords):
        mask = inputs.get("attention_mask")
        real = inputs["input_ids"].numel() if mask is None else int(mask.sum())
        self.counts.append((real, int((inputs["labels"] != -100).sum())))
        return super().training_step(model, inputs, *arguments, **keywords)


tokenizer = AutoTokenizer.from_pretrained(options.model)
if tokenizer.pad_token is None:
    tokenizer.pad_token = tokenizer.eos_token
adapter = None
if options.lora:
    from peft import LoraConfig

    adapter = LoraConfig(r=16, lora_alpha=32, lora_dropout=0.05, target_modules="all-linear", task_type="CAUSAL_LM")
clock = StepClock()
with tempfile.TemporaryDirectory() as folder:
    trainer = CountingTrainer(
        model=AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32),
        processing_class=tokenizer,
        train_dataset=Dataset.from_list(read_rows()),
        callbacks=[clock],
        peft_config=adapter,
        args=SFTConfig(
            output_dir=folder, max_steps=total_steps, per_device_train_batch_size=options.batch,
            max_length=options.max_length, learning_rate=1e-5, loss_type=options.loss, bf16=not options.fp32, use_cpu=True,
            gradient_checkpointing=options.checkpointing, packing=options.packing, torch_compile=options.compile,
            optim="adamw_torch_fused", shuffle_dataset=False, train_sampling_strategy="sequential", seed=0,
            logging_steps=1, save_strategy="no", report_to=[], disable_tqdm=True,
        ),
    )
    trainer.train()

first, last = options.warm - 1, total_steps - 1
seconds = clock.wall[last] - clock.wall[first]
real, supervised = (sum(count[kind] for count in trainer.counts[options.warm:]) for kind in (0, 1))
print(json.dumps({
    "peer": "trl",
    "loss": options.loss,
    "steps": options.steps,
    "step_s": seconds / options.steps,
    "processor_s": (clock.processor[last] - clock.processor[first]) / options.steps,
    "tokens_per_s": real / seconds,
    "supervised_per_s": supervised / seconds,
    "first_step_s": clock.wall[0] - started,
    "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    "losses": [entry["loss"] for entry in trainer.state.log_history if "loss" in entry][:3],
}))
