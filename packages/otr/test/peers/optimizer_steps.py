"""Writes optimizer-steps.json: what five steps of torch's and transformers' optimizers make of four small tensors.

usage: python optimizer_steps.py FILE (torch 2.11, transformers 5)
"""
import json
import sys

import torch
from transformers.optimization import Adafactor

STEPS, LEARNING_RATE, WEIGHT_DECAY = 5, 0.02, 0.1
SHAPES = {
    "layers.0.self_attn.q_proj.weight": [6, 4],
    "layers.0.mlp.down_proj.weight": [3, 5],
    "layers.0.self_attn.q_proj.bias": [6],
    "layers.0.input_layernorm.weight": [4],
}
torch.manual_seed(0)
starts = {name: (torch.randn(shape) * 0.5).round(decimals=3) for name, shape in SHAPES.items()}
gradients = [{name: torch.randn(shape).round(decimals=3) for name, shape in SHAPES.items()} for _ in range(STEPS)]


def groups(parameters):
    decayed = [name for name in parameters if len(SHAPES[name]) == 2]
    return [
        {"params": [parameters[name] for name in decayed], "weight_decay": WEIGHT_DECAY},
        {"params": [parameters[name] for name in parameters if name not in decayed], "weight_decay": 0.0},
    ]


def muon(parameters):
    matrices, rest = groups(parameters)
    adamw = torch.optim.AdamW([rest], lr=LEARNING_RATE)
    return [torch.optim.Muon([matrices], lr=LEARNING_RATE, adjust_lr_fn="match_rms_adamw"), adamw]


OPTIMIZERS = {
    "adamw_torch_fused": lambda parameters: [torch.optim.AdamW(groups(parameters), lr=LEARNING_RATE)],
    "adafactor": lambda parameters: [
        Adafactor(groups(parameters), lr=LEARNING_RATE, scale_parameter=False, relative_step=False)
    ],
    "sgd": lambda parameters: [torch.optim.SGD(groups(parameters), lr=LEARNING_RATE)],
    "muon": muon,
}


def run(make):
    parameters = {name: torch.nn.Parameter(start.clone()) for name, start in starts.items()}
    optimizers = make(parameters)
    for step in gradients:
        for name, gradient in step.items():
            parameters[name].grad = gradient.clone()
        for optimizer in optimizers:
            optimizer.step()
    return flat(parameters)


def flat(tensors):
    return {name: [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()] for name, tensor in tensors.items()}


result = {
    "shapes": SHAPES,
    "starts": flat(starts),
    "gradients": [flat(step) for step in gradients],
    "ends": {name: run(make) for name, make in OPTIMIZERS.items()},
}
with open(sys.argv[1], "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
