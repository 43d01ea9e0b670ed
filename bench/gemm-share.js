/**
 * @file `node bench/gemm-share.js --model DIR`: the share of the machine's own matrix-multiplication rate that a training
 * step reaches. The rate is measured on the model's own matrices at the same number of tokens; a step's work is
 * 6 x elements of its matrices x tokens, and causal attention. All tokens are real; rows are random.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { alternate, measure, shown, summarize } from "./alternate.js";
import { makeModelFolder, withFolder, writeRows } from "./random-rows.js";
import { oneRun, readSettings, runArguments } from "./settings.js";

const settings = readSettings(
  "node bench/gemm-share.js --model DIR [--batch ROWS] [--max-length TOKENS] [--loss nll|dft|otr] [--threads N] [--device cuda] [--fp32]",
  { needed: ["model"], further: { batch: "8" } },
);
const [rows, length] = [Number(settings.batch), Number(settings["max-length"])];
const rateScript = fileURLToPath(new URL("multiplication-rate.js", import.meta.url));

withFolder((folder) => {
  const { folder: model, config } = makeModelFolder(join(folder, "model"), settings.model);
  const count = (Number(settings.steps) + Number(settings.warm)) * rows;
  const data = writeRows(join(folder, "rows.jsonl"), { count, length, vocabulary: config.vocab_size });
  const step = () => measure(process.execPath, [oneRun(), ...runArguments(settings, { model, data })]);
  const size = ["--model", model, "--tokens", String(rows * length), "--threads", settings.threads];
  const rate = () =>
    measure(process.execPath, [
      rateScript,
      ...size,
      ...(settings.fp32 ? ["--fp32"] : []),
      ...(settings.device ? ["--device", settings.device] : []),
    ]);
  step(); // makes the weights
  const pairs = alternate({ step, rate }, Number(settings.alternations));

  // Two products of (length / 2) tokens a token on average, forward once and backward twice.
  const { num_attention_heads: heads, hidden_size: width } = config;
  const perLayer = 6 * rows * length ** 2 * heads * (config.head_dim ?? width / heads);
  const attentionFlops = config.num_hidden_layers * perLayer;
  const share = summarize(
    pairs.map(({ step, rate }) => (rate.flops + attentionFlops) / step.step_s / rate.flops_per_s),
  );
  const gflops = summarize(pairs.map(({ rate }) => rate.flops_per_s / 1e9));
  console.error(`${rows * length} tokens a step, rows of ${length}`);
  console.error(`multiplications, GFLOPS      ${shown(gflops)}`);
  console.error(`share of it in a step        ${shown(share)}`);
  console.log(JSON.stringify({ settings, share, gflops, attention_flops: attentionFlops, pairs }));
});
