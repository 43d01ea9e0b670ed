import { describe, expect, it } from "vitest";
import {
  aten,
  type DType,
  full,
  Generator,
  kernels,
  ones,
  philoxUniform,
  randn,
  scope,
  setNumThreads,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

setNumThreads(1);

const STATISTICS = 10;
const normal = (shape: readonly number[], seed: number) =>
  randn(shape, { generator: new Generator({ device: "cpu", seed }) });
const sums = () => zeros([STATISTICS], { dtype: "float64" });
const integers = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  tensor([...values], { dtype: "int64", shape });

const N = 5;
const V = 131;
const targets = integers([0, 130, 64, 63, 127]);
const weights = aten.abs(normal([N], 2));
const keys = integers(Array.from({ length: N }, (_, row) => [7, 1, row, 2 * row]).flat(), [N, 4]);

/** d(sum_i weights_i losses_i) / d logits by autograd, float64. */
function gradientOf(logits: Tensor, losses: (leaf: Tensor) => Tensor): Tensor {
  const leaf = logits.to("float64").detach();
  leaf.requiresGrad = true;
  losses(leaf).mul(weights.to("float64")).sum().backward();
  return leaf.grad!;
}

const pick = (matrix: Tensor) => matrix.gather(1, targets.unsqueeze(1)).squeeze(1);
const error = (actual: Tensor, expected: Tensor) =>
  aten.max(aten.abs(actual.to("float64").sub(expected))).item() / aten.max(aten.abs(expected)).item();

describe("token_objective_", () => {
  it("is the sum of its parts, and writes their gradient over the logits", () => {
    scope(() => {
      const logits = normal([N, V], 1).mul(2);
      const parts = {
        target: (z: Tensor) => pick(z.logSoftmax(1)).neg(),
        target_probability: (z: Tensor) =>
          pick(z.detach().softmax(1))
            .mul(pick(z.logSoftmax(1)))
            .neg(),
        uniform: (z: Tensor) => z.logSoftmax(1).mean([1]).neg(),
        entropy: (z: Tensor) => z.softmax(1).mul(z.logSoftmax(1)).sum([1]),
      };
      for (const [name, losses] of Object.entries(parts)) {
        const written = logits.clone();
        const statistics = sums();
        kernels.token_objective_(written, targets, weights, statistics, { [name]: 0.7 });
        expect(error(written, gradientOf(logits, losses).mul(0.7)), name).toBeLessThan(1e-6);
        const loss = losses(logits.to("float64")).mul(0.7).sum().item();
        expect(statistics.toArray()[1], name).toBeCloseTo(loss, 5);
      }
    });
  });

  it("draws by inverse CDF of the uniforms that philox_uniform gives the keys", () => {
    scope(() => {
      for (const temperature of [0.5, 1, 4]) {
        const logits = normal([N, V], 3);
        const count = 300;
        const tempered = logits.to("float64").div(temperature).softmax(1);
        const samples = aten.searchsorted.Tensor(
          aten.cumsum(tempered, 1),
          philoxUniform(keys, count).to("float64"),
          {
            right: true,
          },
        );
        const expected = gradientOf(logits, (z) => z.logSoftmax(1).gather(1, samples).mean([1]).neg());
        // With 1 as every token's reward the loss is the mean surprise of the draws.
        kernels.token_objective_(logits, targets, weights, sums(), {
          estimator: "monte_carlo",
          num_samples: count,
          temperature,
          other_reward: 1,
          keys,
        });
        expect(error(logits, expected)).toBeLessThan(1e-5);
      }
    });
  });

  it("gives the same bits on one thread and on two", () => {
    scope(() => {
      const run = (dtype: DType) => {
        const rows = 64;
        const logits = normal([rows, 4096], 4).to(dtype);
        const statistics = sums();
        const ids = Array.from({ length: rows }, (_, row) => row);
        kernels.token_objective_(logits, integers(ids), ones([rows]).div(rows), statistics, {
          estimator: "monte_carlo",
          num_samples: 100,
          keys: integers(
            ids.flatMap((row) => [0, 0, row, 0]),
            [rows, 4],
          ),
        });
        return [...logits.toArray(), ...statistics.toArray()];
      };
      for (const dtype of ["float32", "bfloat16"] as const) {
        const [one, two] = onOneAndTwoThreads(() => run(dtype));
        expect(two).toEqual(one);
      }
    });
  });

  it("takes no rows, and adds to the statistics that are there", () => {
    scope(() => {
      const statistics = full([STATISTICS], 3, { dtype: "float64" });
      kernels.token_objective_(zeros([0, V]), integers([]), zeros([0]), statistics, { target: 1 });
      expect(statistics.toArray()).toEqual(new Array(STATISTICS).fill(3));
      kernels.token_objective_(zeros([N, V]), targets, weights, statistics, { target: 1 });
      expect(statistics.toArray()[0]).toBe(3 + N);
    });
  });

  it("refuses what does not fit, and writes nothing", () => {
    scope(() => {
      const logits = normal([N, V], 1);
      const before = logits.toArray();
      const statistics = sums();
      const monteCarlo = { estimator: "monte_carlo", num_samples: 8, keys };
      type Options = Parameters<typeof kernels.token_objective_>[4];
      const code = (changed: {
        logits?: Tensor;
        targets?: Tensor;
        weights?: Tensor;
        statistics?: Tensor;
        options?: Options;
      }) =>
        torchError(() =>
          kernels.token_objective_(
            changed.logits ?? logits,
            changed.targets ?? targets,
            changed.weights ?? weights,
            changed.statistics ?? statistics,
            changed.options ?? {},
          ),
        ).code;
      const leaf = normal([N, V], 1);
      leaf.requiresGrad = true;
      expect(code({ logits: logits.to("float64") })).toBe("TORCH_TYPE");
      expect(code({ logits: zeros([N]) })).toBe("TORCH_VALUE");
      expect(code({ logits: zeros([V, N]).t() })).toBe("TORCH_VALUE");
      expect(code({ logits: zeros([1, 1]).expand([N, V]) })).toBe("TORCH_VALUE");
      expect(code({ logits: leaf })).toBe("TORCH_VALUE");
      expect(code({ targets: integers([0, 1, 2, 3, V]) })).toBe("TORCH_INDEX");
      expect(code({ targets: integers([0, 1, 2, 3, -1]) })).toBe("TORCH_INDEX");
      expect(code({ targets: integers([0]) })).toBe("TORCH_VALUE");
      expect(code({ targets: targets.to("int32") })).toBe("TORCH_TYPE");
      expect(code({ logits: zeros([N, 0]) })).toBe("TORCH_INDEX");
      expect(code({ weights: weights.to("float64") })).toBe("TORCH_TYPE");
      expect(code({ weights: zeros([N, 1]) })).toBe("TORCH_VALUE");
      expect(code({ statistics: zeros([STATISTICS]) })).toBe("TORCH_TYPE");
      expect(code({ statistics: zeros([9], { dtype: "float64" }) })).toBe("TORCH_VALUE");
      expect(code({ weights: logits.view([-1]).narrow(0, 0, N) })).toMatch(/^TORCH_/);
      expect(code({ options: { estimator: "best" } })).toBe("TORCH_VALUE");
      expect(code({ options: { baseline: "best" } })).toBe("TORCH_VALUE");
      expect(code({ options: { temperature: 0 } })).toBe("TORCH_VALUE");
      expect(code({ options: { temperature: Number.NaN } })).toBe("TORCH_VALUE");
      expect(code({ options: { softcap: -1 } })).toBe("TORCH_VALUE");
      expect(code({ options: { ...monteCarlo, keys: null } })).toBe("TORCH_VALUE");
      expect(code({ options: { ...monteCarlo, keys: keys.narrow(0, 0, 2) } })).toBe("TORCH_VALUE");
      expect(code({ options: { ...monteCarlo, keys: keys.sub(2) } })).toBe("TORCH_VALUE");
      expect(code({ options: { ...monteCarlo, keys: keys.to("float32") } })).toBe("TORCH_TYPE");
      expect(code({ options: { ...monteCarlo, num_samples: 0 } })).toBe("TORCH_VALUE");
      expect(code({ options: { ...monteCarlo, num_samples: 2 ** 40 } })).toBe("TORCH_VALUE");
      expect(code({ options: { ...monteCarlo, num_samples: 1, baseline: "rloo" } })).toBe("TORCH_VALUE");
      expect(code({ options: { ...monteCarlo, baseline: "value" } })).toBe("TORCH_VALUE");
      expect(code({ options: { values: zeros([N]) } })).toBe("TORCH_VALUE");
      const critic = { ...monteCarlo, baseline: "value" };
      expect(code({ options: { ...critic, values: zeros([N + 1]) } })).toBe("TORCH_VALUE");
      expect(code({ options: { ...critic, values: zeros([1]).expand([N]) } })).toBe("TORCH_VALUE");
      expect(code({ options: { ...critic, values: weights } })).toMatch(/^TORCH_/);
      expect(logits.toArray()).toEqual(before);
      expect(statistics.toArray()).toEqual(new Array(STATISTICS).fill(0));
    });
  });
});
