"""Writes test/references/grpo.json: losses, gradients and advantages by TRL's own GRPOTrainer.

usage: python grpo_losses.py MODEL_FOLDER, then npx biome format --write ../references/grpo.json      (trl 1.16.0, torch 2.11.0)
MODEL_FOLDER is any small model, such as demo/base-model: the trainer wants one, and its numbers are not used.
"""
import json
import sys
import tempfile
from pathlib import Path

import torch
from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer

ROWS, LENGTH, VOCABULARY = 4, 4, 5
LENGTHS = [4, 2, 3, 1]
MICRO_BATCHES = 2
torch.manual_seed(11)
LOGITS = (torch.randn(ROWS, LENGTH, VOCABULARY, dtype=torch.float64) * 2).round(decimals=3)
TARGETS = torch.randint(VOCABULARY, (ROWS, LENGTH))
MASK = torch.tensor([[int(at < length) for at in range(LENGTH)] for length in LENGTHS])
ADVANTAGES = torch.tensor([1.2, -0.7, 0.4, -1.5], dtype=torch.float64)
NOISE = (torch.randn(2, ROWS, LENGTH, dtype=torch.float64) * 0.4).round(decimals=3)


def trainer_of(folder, reward, **settings):
    arguments = GRPOConfig(
        output_dir=tempfile.mkdtemp(), per_device_train_batch_size=8, num_generations=4, max_completion_length=6,
        bf16=False, use_cpu=True, report_to="none", **settings,
    )
    data = Dataset.from_list([{"prompt": "\n1+1="}, {"prompt": "\n2+5="}])
    trainer = GRPOTrainer(model=folder, reward_funcs=reward, args=arguments, train_dataset=data)
    trainer.model.train()
    return trainer


def log_probabilities(logits, temperature):
    return torch.log_softmax(logits / temperature, -1).gather(2, TARGETS.unsqueeze(2)).squeeze(2)


def loss_case(folder, is_on_policy=False, temperature=1.0, **settings):
    trainer = trainer_of(folder, lambda completions, **_: [0.0] * len(completions), temperature=temperature, **settings)
    trainer.current_gradient_accumulation_steps = MICRO_BATCHES
    trainer.args.steps_per_generation = MICRO_BATCHES
    logits = LOGITS.clone().requires_grad_()
    old, reference = log_probabilities(LOGITS, temperature) + NOISE
    total = 0
    for start in range(0, ROWS, ROWS // MICRO_BATCHES):
        part = slice(start, start + ROWS // MICRO_BATCHES)
        entropies = torch.zeros(ROWS // MICRO_BATCHES, LENGTH, dtype=torch.float64)
        trainer._get_per_token_logps_and_entropies = lambda *_, **__: (
            log_probabilities(logits, temperature)[part], entropies, None,
        )
        total = total + trainer._compute_loss(trainer.model, {
            "prompt_ids": TARGETS[part], "prompt_mask": MASK[part],
            "completion_ids": TARGETS[part], "completion_mask": MASK[part],
            "advantages": ADVANTAGES[part], "num_items_in_batch": MASK.sum(),
            "old_per_token_logps": None if is_on_policy else old[part],
            "ref_per_token_logps": reference[part],
        })
    total.backward()
    names = ["kl", "clip_ratio/low_mean", "clip_ratio/high_mean"]
    # Means of the micro-batches, which have different numbers of tokens.
    counts = [MASK[:2].sum().item(), MASK[2:].sum().item()]
    metrics = {
        name: sum(value * count for value, count in zip(values, counts)) / sum(counts)
        for name in names if (values := trainer._metrics["train"].get(name))
    }
    return {
        "settings": settings, "temperature": temperature,
        "old": None if is_on_policy else old.tolist(), "reference": reference.tolist(),
        "loss": total.item(), "gradient": logits.grad.tolist(), "metrics": metrics,
    }


def advantage_case(folder, rewards, weights, **settings):
    """`rewards` are lists of what each function gives for two groups of four completions."""
    functions = []
    for values in rewards:
        def function(completions, values=values, **_):
            return values
        functions.append(function)
    trainer = trainer_of(folder, functions, reward_weights=weights, **settings)
    prompts = [{"prompt": text} for text in ["\n1+1=", "\n2+5="] for _ in range(4)]
    found = trainer._generate_and_score_completions(prompts)
    metrics = trainer._metrics["train"]
    return {
        "rewards": rewards, "weights": weights, "settings": settings, "advantages": found["advantages"].tolist(),
        "metrics": {name: metrics[name][0] for name in ["reward", "reward_std", "frac_reward_zero_std"]},
    }


def main(folder):
    plain = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    mixed = [0.5, -1.0, 0.25, 2.0, 0.0, 0.125, 0.5, 0.75]
    unsure = [None, 1.0, None, 0.0, None, None, 1.0, 1.0]
    written = {
        "logits": LOGITS.tolist(), "targets": TARGETS.tolist(), "lengths": LENGTHS, "advantages": ADVANTAGES.tolist(),
        "max_completion_length": 6,
        "losses": [
            loss_case(folder, is_on_policy=True),
            loss_case(folder, loss_type="dapo"),
            loss_case(folder, loss_type="grpo", epsilon=0.1, epsilon_high=0.3),
            loss_case(folder, loss_type="dr_grpo"),
            loss_case(folder, loss_type="bnpo"),
            loss_case(folder, beta=0.3, temperature=0.7),
            loss_case(folder, beta=0.3, use_bias_correction_kl=False),
            loss_case(folder, is_on_policy=True, beta=0.5, temperature=1.5),
        ],
        "advantage_cases": [
            advantage_case(folder, [plain], None),
            advantage_case(folder, [mixed], None, scale_rewards="batch"),
            advantage_case(folder, [mixed], None, scale_rewards="none"),
            advantage_case(folder, [plain, mixed], [2.0, -0.5]),
            advantage_case(folder, [unsure], None),
            advantage_case(folder, [unsure, mixed], [1.0, 1.0]),
        ],
    }
    path = Path(__file__).parent.parent / "references" / "grpo.json"
    path.write_text(json.dumps(written))


main(sys.argv[1])
