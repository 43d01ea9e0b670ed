/**
 * @file `node bench/multiplication-rate.js --model DIR --tokens N --threads N [--device cuda]`: the rate at which libtorch multiplies
 * the matrices of a model, each as often as a training step does: forward, input gradient and weight gradient. One JSON
 * line. The folder must have weights.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { aten, loadTorch, ones, readSafetensorsHeader, scope, setNumThreads } from "@one-token/torch";

const text = { type: "string" };
const { values } = parseArgs({
  options: {
    model: text,
    tokens: text,
    threads: text,
    fp32: { type: "boolean", default: false },
    device: { ...text, default: "cpu" },
  },
});
const tokens = Number(values.tokens);
const dtype = values.fp32 ? "float32" : "bfloat16";
loadTorch(values.device === "cpu" ? "cpu" : "cuda");
setNumThreads(Number(values.threads));

/** Shapes `(outputs, inputs)` of the matrices of a step: an embedding that is only looked up is none. */
function shapesOf(folder) {
  const { entries } = readSafetensorsHeader(join(folder, "model.safetensors"));
  const hasHead = entries.has("lm_head.weight");
  return [...entries]
    .filter(([name, { shape }]) => shape.length === 2 && !(hasHead && name === "model.embed_tokens.weight"))
    .map(([, { shape }]) => shape);
}

/** Seconds of one product (rows, inner) (inner, columns), the median of three after one for warming up. */
function secondsOf(left, right) {
  const times = Array.from({ length: 4 }, () => {
    const start = performance.now();
    // A GPU works on after it has been asked to; a number read from there is a number computed.
    scope(() => void aten.mm(left, right).view([-1]).narrow(0, 0, 1).item());
    return (performance.now() - start) / 1000;
  });
  return times.slice(1).sort((a, b) => a - b)[1];
}

const counts = new Map();
for (const shape of shapesOf(values.model)) {
  const key = shape.join(" x ");
  counts.set(key, { shape, count: (counts.get(key)?.count ?? 0) + 1 });
}
const matrices = [...counts].map(([name, { shape, count }]) =>
  scope(() => {
    const [outputs, inputs] = shape;
    const [input, gradient, weight] = [[tokens, inputs], [tokens, outputs], shape].map((size) =>
      ones(size, { dtype, device: values.device }),
    );
    const seconds =
      secondsOf(input, weight.t()) + secondsOf(gradient, weight) + secondsOf(gradient.t(), input);
    return { name, count, seconds, flops: 6 * tokens * outputs * inputs };
  }),
);
const sum = (of) => matrices.reduce((total, matrix) => total + matrix.count * of(matrix), 0);
const flops = sum((matrix) => matrix.flops);
const seconds = sum((matrix) => matrix.seconds);
console.log(JSON.stringify({ flops, seconds, flops_per_s: flops / seconds, matrices }));
