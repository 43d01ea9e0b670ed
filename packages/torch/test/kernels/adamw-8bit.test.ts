import { describe, expect, it } from "vitest";
import { aten, empty, Generator, kernels, scope, type Tensor, tensor, zeros } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

// Any ascending maps will do: squares and cubes of a fine grid.
const grid = Array.from({ length: 256 }, (_, code) => code / 255);
const unsignedMap = grid.map((value) => value ** 2);
const signedMap: readonly number[] = grid.map((value) => (2 * value - 1) ** 3);
const settings = { lr: 1e-2, beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0.1, gradient_scale: 0.5 };

type Maps = readonly [first: readonly number[], second: readonly number[]];

interface State {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly firstCodes: Tensor;
  readonly firstScales: Tensor;
  readonly secondCodes: Tensor;
  readonly secondScales: Tensor;
  readonly copy: Tensor;
}

/** `steps` of the kernel over `count` elements from the same start, moments from code 0 on. */
function run(count: number, steps: number, maps: Maps = [signedMap, unsignedMap]): State {
  const generator = new Generator({ seed: 9 });
  const random = () => aten.normal_(zeros([count]), 0, 1, { generator });
  const blocks = Math.ceil(count / 256);
  const codes = () => zeros([blocks * 256], { dtype: "uint8" });
  const state = {
    parameter: random(),
    gradient: empty([count]),
    firstCodes: codes(),
    firstScales: zeros([blocks]),
    secondCodes: codes(),
    secondScales: zeros([blocks]),
    copy: zeros([count], { dtype: "bfloat16" }),
  };
  for (let step = 1; step <= steps; step++) {
    state.gradient.copy_(random());
    call(state, step, maps);
  }
  return state;
}

function call(state: State, step: number, [first, second]: Maps = [signedMap, unsignedMap]): void {
  const { parameter, gradient, firstCodes, firstScales, secondCodes, secondScales, copy } = state;
  kernels.adamw_8bit_(
    [parameter],
    [gradient],
    [firstCodes],
    [firstScales],
    [secondCodes],
    [secondScales],
    [copy],
    tensor(first),
    tensor(second),
    { ...settings, step },
  );
}

const nearest = (map: readonly number[], value: number): number =>
  map.reduce(
    (best, candidate, code) => (Math.abs(candidate - value) < Math.abs(map[best]! - value) ? code : best),
    0,
  );

describe("adamw_8bit_", () => {
  it("follows the formula, block by block, with the nearest code", () => {
    scope(() => {
      const count = 700;
      const { parameter, copy, ...state } = run(count, 3);
      const generator = new Generator({ seed: 9 });
      const random = () => aten.normal_(zeros([count]), 0, 1, { generator }).toArray();
      const weights = random();
      const first = new Array<number>(count).fill(0);
      const second = new Array<number>(count).fill(0);
      let codes: number[] = [];
      for (let step = 1; step <= 3; step++) {
        const gradients = random();
        codes = [];
        for (let start = 0; start < count; start += 256) {
          const block = Array.from({ length: Math.min(256, count - start) }, (_, at) => start + at);
          for (const at of block) {
            const slope = gradients[at]! * 0.5;
            first[at] = 0.9 * first[at]! + 0.1 * slope;
            second[at] = 0.95 * second[at]! + 0.05 * slope ** 2;
            const size = Math.sqrt(second[at]! / (1 - 0.95 ** step)) + 1e-8;
            weights[at] = weights[at]! * (1 - 1e-3) - (1e-2 * first[at]!) / (1 - 0.9 ** step) / size;
          }
          const firstScale = Math.max(...block.map((at) => Math.abs(first[at]!)));
          const secondScale = Math.max(...block.map((at) => second[at]!));
          for (const at of block) {
            const code = nearest(signedMap, first[at]! / firstScale);
            codes.push(code);
            first[at] = signedMap[code]! * firstScale;
            second[at] = unsignedMap[nearest(unsignedMap, second[at]! / secondScale)]! * secondScale;
          }
        }
      }
      const differences = parameter.toArray().map((value, at) => Math.abs(value - weights[at]!));
      console.log(`adamw_8bit_: largest difference ${Math.max(...differences).toExponential(1)}`);
      expect(Math.max(...differences)).toBeLessThan(2e-6);
      expect(state.firstCodes.toArray().slice(0, count)).toEqual(codes);
      expect(copy.toArray()).toEqual(parameter.to("bfloat16").toArray());
    });
  });

  it("gives the same bits on one thread and on two", () => {
    scope(() => {
      const [one, two] = onOneAndTwoThreads(() =>
        Object.values(run(60_001, 2)).map((tensor) => tensor.toArray()),
      );
      expect(two).toEqual(one);
    });
  });

  it("stays within its maps whatever the numbers are", () => {
    scope(() => {
      const state = run(300, 1);
      state.gradient.fill_(Number.NaN);
      call(state, 2);
      state.gradient.fill_(1e30);
      call(state, 3);
      expect(state.firstCodes.toArray().every((code) => code >= 0 && code <= 255)).toBe(true);
    });
  });

  it("updates each of several parameters as if it were the only one, and needs no copy", () => {
    scope(() => {
      const states = [700, 40].map((count) => run(count, 1));
      const alone = [700, 40].map((count) => run(count, 1));
      for (const state of alone) call(state, 2);
      const all = (field: keyof State) => states.map((state) => state[field]);
      const moments = [
        all("firstCodes"),
        all("firstScales"),
        all("secondCodes"),
        all("secondScales"),
      ] as const;
      const options = { ...settings, step: 2 };
      const maps = [tensor(signedMap), tensor(unsignedMap)] as const;
      kernels.adamw_8bit_(all("parameter"), all("gradient"), ...moments, [null, null], ...maps, options);
      for (const [index, { parameter, secondScales }] of alone.entries()) {
        expect(states[index]!.parameter.toArray()).toEqual(parameter.toArray());
        expect(states[index]!.secondScales.toArray()).toEqual(secondScales.toArray());
      }
    });
  });

  it("refuses what does not fit", () => {
    scope(() => {
      const state = run(300, 1);
      const refusal = (changes: Partial<State>, step = 2, maps: Maps = [signedMap, unsignedMap]) =>
        torchError(() => call({ ...state, ...changes }, step, maps)).code;
      expect(refusal({}, 0)).toBe("TORCH_VALUE");
      expect(refusal({ gradient: zeros([299]) })).toBe("TORCH_VALUE");
      expect(refusal({ firstCodes: zeros([300], { dtype: "uint8" }) })).toBe("TORCH_VALUE");
      expect(refusal({ secondScales: zeros([3]) })).toBe("TORCH_VALUE");
      expect(refusal({ secondCodes: zeros([512]) })).toBe("TORCH_TYPE");
      expect(refusal({ parameter: zeros([300], { dtype: "float64" }) })).toBe("TORCH_TYPE");
      expect(refusal({ copy: zeros([300]) })).toBe("TORCH_TYPE");
      expect(refusal({}, 2, [signedMap, unsignedMap.slice(1)])).toBe("TORCH_VALUE");
      expect(refusal({}, 2, [signedMap.toReversed(), unsignedMap])).toBe("TORCH_VALUE");
      expect(refusal({}, 2, [signedMap, grid.map((value) => 0.5 + value / 1e6)])).toBe("TORCH_VALUE");
    });
  });
});
