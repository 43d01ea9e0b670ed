/**
 * @file `node bench/against-trl.js --python VENV/bin/python --model DIR --data FILE.jsonl`: this project and TRL on the
 * same rows, alternating in one run; one JSON line at the end, a table before it.
 *
 * The peer's side is `bench/peer_trl.py` of the reference material (`OTR_SHARED`, or `../shared`). A model folder
 * without weights gets random ones, which both sides then load.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median, medianInterval } from "./statistics.js";

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    model: { type: "string" },
    data: { type: "string" },
    loss: { type: "string", default: "nll" },
    steps: { type: "string", default: "6" },
    warm: { type: "string", default: "2" },
    threads: { type: "string", default: "2" },
    alternations: { type: "string", default: "5" },
    fp32: { type: "boolean", default: false },
    checkpointing: { type: "boolean", default: false },
  },
});
for (const name of ["python", "model", "data"]) {
  if (values[name] !== undefined) continue;
  console.error(
    `--${name} is missing: node bench/against-trl.js --python PYTHON --model DIR --data FILE.jsonl`,
  );
  process.exit(2);
}

const root = fileURLToPath(new URL("..", import.meta.url));
const shared = process.env.OTR_SHARED ?? join(root, "..", "shared");
const common = ["model", "data", "loss", "steps", "warm", "threads"].flatMap((name) => [
  `--${name}`,
  values[name],
]);
if (values.fp32) common.push("--fp32");

/** Runs one side and returns the JSON line that it prints last. */
function measure(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

const ours = () => measure(process.execPath, [join(root, "bench", "one-run.js"), ...common]);
const peer = () =>
  measure(values.python, [
    join(shared, "bench", "peer_trl.py"),
    ...common,
    ...(values.checkpointing ? ["--checkpointing"] : []),
  ]);

const pairs = [];
ours(); // makes the weights where there are none, and warms the file cache
for (let alternation = 0; alternation < Number(values.alternations); alternation++) {
  const pair = alternation % 2 === 0 ? { ours: ours(), peer: peer() } : { peer: peer(), ours: ours() };
  pairs.push(pair);
  console.error(
    `${alternation + 1}: ours ${pair.ours.tokens_per_s.toFixed(0)} tokens/s, TRL ${pair.peer.tokens_per_s.toFixed(0)}`,
  );
}

const ratios = {
  "real tokens a second": pairs.map((pair) => pair.ours.tokens_per_s / pair.peer.tokens_per_s),
  "peak memory": pairs.map((pair) => pair.ours.peak_rss_mib / pair.peer.peak_rss_mib),
  "time to the first step": pairs.map((pair) => pair.ours.first_step_s / pair.peer.first_step_s),
};
const summary = Object.entries(ratios).map(([what, list]) => {
  const [low, high] = medianInterval(list);
  return { what, median: median(list), low, high };
});
for (const { what, median: middle, low, high } of summary) {
  console.error(`${what.padEnd(24)} ${middle.toFixed(2)} x TRL  (${low.toFixed(2)} to ${high.toFixed(2)})`);
}
console.log(JSON.stringify({ settings: values, summary, pairs }));
