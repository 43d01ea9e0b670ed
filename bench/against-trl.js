/**
 * @file `node bench/against-trl.js --python VENV/bin/python --model DIR --data FILE.jsonl`: this project and TRL on the
 * same rows in the same order.
 *
 * The peer's side is `trl_run.py`. A model folder without weights gets random ones, which both sides then load. `--checkpointing`,
 * `--packing` and `--lora` (an adapter of all linear modules) hold for both sides; `--compile` is TRL's `torch_compile`, which has no counterpart here.
 */
import { join } from "node:path";
import { alternate, measure, report } from "./alternate.js";
import { oneRun, readSettings, root, runArguments } from "./settings.js";

const settings = readSettings(
  "node bench/against-trl.js --python PYTHON --model DIR --data FILE.jsonl [--loss nll|dft] [--threads N] [--fp32] " +
    "[--checkpointing] [--packing] [--compile] [--lora]",
  { needed: ["python", "model", "data"], further: { compile: false } },
);
const script = join(root, "bench", "trl_run.py");
const compile = settings.compile ? ["--compile"] : [];
const sides = {
  otr: () => measure(process.execPath, [oneRun(), ...runArguments(settings)]),
  trl: () => measure(settings.python, [script, ...runArguments(settings), ...compile]),
};
sides.otr(); // makes the weights where there are none, and warms the file cache
report(
  alternate(sides, Number(settings.alternations)),
  {
    "real tokens a second": "tokens_per_s",
    "peak memory": "peak_rss_mib",
    "time to the first step": "first_step_s",
  },
  settings,
);
