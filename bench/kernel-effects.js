/**
 * @file `node bench/kernel-effects.js --model DIR --data FILE.jsonl`: what each fused kernel does for a whole step: steps
 * in which it is composed of ATen's operators, beside steps in which all are fused.
 */
import { alternate, measure, shown, summarize } from "./alternate.js";
import { oneRun, readSettings, runArguments, STEP_COSTS } from "./settings.js";

const settings = readSettings(
  "node bench/kernel-effects.js --model DIR --data FILE.jsonl [--loss nll|dft|otr] [--threads N] [--device cuda] [--fp32] [--checkpointing]",
  { needed: ["model", "data"] },
);
const KERNELS = {
  "RMSNorm, with the residual sum": ["rms_norm", "add_rms_norm"],
  "rotation, with query and key norm": ["rotary"],
  "SwiGLU or GeGLU": ["swiglu", "geglu"],
  "attention within rows": ["packed_attention"],
};
const run = (composed) => () =>
  measure(process.execPath, [oneRun(), ...runArguments(settings), "--composed", composed.join(",")]);
const sides = Object.fromEntries([
  ["fused", run([])],
  ...Object.entries(KERNELS).map(([name, composed]) => [name, run(composed)]),
  ["all of these", run(Object.values(KERNELS).flat())],
]);
run([])(); // makes the weights where there are none, and warms the file cache
const rounds = alternate(sides, Number(settings.alternations));

const effects = Object.keys(sides)
  .filter((name) => name !== "fused")
  .map((name) => {
    const ratio = (field) => summarize(rounds.map((round) => round[name][field] / round.fused[field]));
    return { name, ...Object.fromEntries(Object.values(STEP_COSTS).map((field) => [field, ratio(field)])) };
  });
console.error("composed beside fused                seconds a step           peak memory");
for (const { name, step_s, peak_rss_mib } of effects) {
  console.error(`${name.padEnd(36)} ${shown(step_s).padEnd(24)} ${shown(peak_rss_mib)}`);
}
console.log(JSON.stringify({ settings, effects, rounds }));
