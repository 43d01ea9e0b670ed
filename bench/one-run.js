/**
 * @file `node bench/one-run.js --model DIR --data FILE.jsonl --loss nll --steps N ...`: times one training run of this
 * project and prints one JSON line with the fields of the peers' runs. A folder without weights gets random ones.
 * `--composed rotary,swiglu` computes these kernels by their composed forms, as on devices without a fused one.
 * `--save-every N` saves a checkpoint every N steps, and keeps one.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { kernels, ops } from "@one-token/torch";
import { initModel, parseModelConfig, saveModel, train } from "one-token-rollout";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    loss: { type: "string", default: "nll" },
    steps: { type: "string", default: "12" },
    warm: { type: "string", default: "2" },
    batch: { type: "string", default: "4" },
    "max-length": { type: "string", default: "512" },
    threads: { type: "string", default: "2" },
    samples: { type: "string" },
    fp32: { type: "boolean", default: false },
    checkpointing: { type: "boolean", default: false },
    packing: { type: "boolean", default: false },
    lora: { type: "boolean", default: false },
    device: { type: "string", default: "cpu" },
    composed: { type: "string", default: "" },
    "save-every": { type: "string" },
  },
});
const warm = Number(values.warm);

for (const name of values.composed.split(",").filter(Boolean)) {
  Object.defineProperty(kernels, name, { value: ops.otr[name].composed });
}

if (!existsSync(join(values.model, "model.safetensors"))) {
  const config = parseModelConfig(JSON.parse(readFileSync(join(values.model, "config.json"), "utf8")));
  const model = initModel(config, { seed: 0 });
  await saveModel(model, values.model, { dtype: "float32" });
  model.dispose();
}

const folder = mkdtempSync(join(tmpdir(), "otr-bench-"));
const times = [];
const processorTimes = [];
const logged = [];
let parameters = 0;
const result = await train(
  {
    modelNameOrPath: values.model,
    dataset: values.data,
    outputDir: join(folder, "run"),
    maxSteps: Number(values.steps) + warm,
    perDeviceTrainBatchSize: Number(values.batch),
    maxLength: Number(values["max-length"]),
    learningRate: 1e-5,
    lossType: values.loss,
    ...(values.samples && { otrNumSamples: Number(values.samples) }),
    bf16: !values.fp32,
    gradientCheckpointing: values.checkpointing,
    packing: values.packing,
    usePeft: values.lora,
    ...(values.lora && { loraTargetModules: ["all-linear"] }),
    ...(values["save-every"] && { saveSteps: Number(values["save-every"]), saveTotalLimit: 1 }),
    trainSamplingStrategy: "sequential",
    loggingSteps: 1,
    numThreads: Number(values.threads),
    device: values.device,
    seed: 0,
  },
  {
    onEvent(event) {
      if (event.type === "start") parameters = event.parameters;
      if (event.type !== "step") return;
      times.push(performance.now());
      processorTimes.push(process.cpuUsage());
      logged.push(event.metrics);
    },
  },
);
rmSync(folder, { recursive: true });

function processorSeconds(end, start) {
  return (end.user - start.user + end.system - start.system) / 1e6;
}

const seconds = (times.at(-1) - times[warm - 1]) / 1000;
const measured = times.length - warm;
const tokens = logged.at(-1).num_tokens - logged[warm - 1].num_tokens;
const supervised = logged.at(-1).num_supervised_tokens - logged[warm - 1].num_supervised_tokens;
console.log(
  JSON.stringify({
    peer: "otr",
    loss: values.loss,
    steps: measured,
    step_s: seconds / measured,
    seconds: times.slice(warm).map((time, index) => (time - times[warm + index - 1]) / 1000),
    parameters,
    processor_s: processorSeconds(processorTimes.at(-1), processorTimes[warm - 1]) / measured,
    tokens_per_s: tokens / seconds,
    supervised_per_s: supervised / seconds,
    first_step_s: times[0] / 1000,
    peak_rss_mib: Math.round(process.resourceUsage().maxRSS / 1024),
    losses: logged.slice(0, 3).map((line) => line.loss),
    status: result.status,
  }),
);
