"""Opens a model folder in transformers, or an adapter in PEFT, and here, and compares the logits of one text.

    python packages/otr/test/peers/peer_logits.py FOLDER [TEXT]

Needs `pip install torch transformers peft` and the project's set-up. Exit status 1 when the largest difference, relative to
the largest logit, is above 1e-5. PEFT's AutoPeftModelForCausalLM adds the rows of new tokens to the base model by itself
(`resize_token_embeddings`), from the tokenizer beside the adapter.
"""
import json
import pathlib
import subprocess
import sys

import peft
import torch
import transformers

folder = sys.argv[1]
text = sys.argv[2] if len(sys.argv) > 2 else "Once upon a time"
is_adapter = (pathlib.Path(folder) / "adapter_config.json").exists()
loader = peft.AutoPeftModelForCausalLM if is_adapter else transformers.AutoModelForCausalLM
tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
model = loader.from_pretrained(folder, dtype=torch.float32).eval()
ids = tokenizer(text, return_tensors="pt").input_ids
with torch.no_grad():
    expected = model(input_ids=ids).logits[0]

script = pathlib.Path(__file__).with_name("print-logits.js")
answer = subprocess.run(
    ["node", script, folder], input=json.dumps(ids[0].tolist()), capture_output=True, text=True, check=True
)
found = torch.tensor(json.loads(answer.stdout))
difference = ((found - expected).abs().max() / expected.abs().max()).item()
name = f"peft {peft.__version__}" if is_adapter else f"transformers {transformers.__version__}"
print(f"{name}: {tuple(expected.shape)} logits, largest relative difference {difference:.1e}")
sys.exit(0 if difference <= 1e-5 else 1)
