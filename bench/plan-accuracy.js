/**
 * @file `node bench/plan-accuracy.js --data FILE.jsonl [--threads N] [--steps N] MODEL ...`: what `otr plan` predicts, and
 * what the run then takes, for bfloat16 and float32, batches of 1 and 4 rows, gradient checkpointing on and off.
 */
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { measure } from "./alternate.js";
import { oneRun, root } from "./settings.js";
import { execFileSync } from "node:child_process";

const text = { type: "string" };
const { values, positionals } = parseArgs({
  options: {
    data: text,
    threads: { ...text, default: "1" },
    steps: { ...text, default: "4" },
    warm: { ...text, default: "1" },
  },
  allowPositionals: true,
});
if (values.data === undefined || positionals.length === 0) {
  console.error("usage: node bench/plan-accuracy.js --data FILE.jsonl [--threads N] [--steps N] MODEL ...");
  process.exit(2);
}

/** What `bench/one-run.js` trains with, as options of `otr plan`. */
function plan(model, batch, fp32, checkpointing) {
  const options = {
    model_name_or_path: model,
    dataset: values.data,
    output_dir: join(tmpdir(), "otr-plan-accuracy"),
    max_steps: Number(values.steps) + Number(values.warm),
    per_device_train_batch_size: batch,
    max_length: 512,
    learning_rate: 1e-5,
    loss_type: "nll",
    bf16: !fp32,
    gradient_checkpointing: checkpointing,
    train_sampling_strategy: "sequential",
    num_threads: values.threads,
    device: "cpu",
    seed: 0,
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const otr = join(root, "packages", "otr", "bin", "otr.js");
  const output = execFileSync(process.execPath, [otr, "plan", "--json", ...flags], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(output);
}

const cells = [];
for (const model of positionals) {
  for (const fp32 of [false, true]) {
    for (const batch of [1, 4]) {
      for (const checkpointing of [true, false]) {
        const predicted = plan(model, batch, fp32, checkpointing);
        const { threads, steps, warm, data } = values;
        const named = { model, data, threads, steps, warm, batch };
        const measured = measure(process.execPath, [
          oneRun(),
          ...Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)]),
          ...(fp32 ? ["--fp32"] : []),
          ...(checkpointing ? ["--checkpointing"] : []),
        ]);
        const cell = {
          model: basename(model),
          dtype: predicted.computeDtype,
          batch,
          checkpointing,
          peak_mib: { predicted: predicted.memory.peak / 2 ** 20, measured: measured.peak_rss_mib },
          step_s: { predicted: predicted.time.step, measured: measured.step_s },
        };
        cells.push(cell);
        const ratio = ({ predicted, measured }) => (predicted / measured).toFixed(2);
        const both = (pair, digits) =>
          `${pair.predicted.toFixed(digits)} / ${pair.measured.toFixed(digits)} = ${ratio(pair)}`;
        console.error(
          [
            cell.model.padEnd(12),
            cell.dtype.padEnd(9),
            `batch ${batch}`,
            `checkpointing ${checkpointing ? "on " : "off"}`,
            `peak MiB ${both(cell.peak_mib, 0).padEnd(20)}`,
            `step s ${both(cell.step_s, 3)}`,
          ].join("  "),
        );
      }
    }
  }
}
console.log(JSON.stringify({ settings: values, cells }));
