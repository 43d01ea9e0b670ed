import { describe, expect, it } from "vitest";
import { aten, Generator, randn, scope } from "../src/index.js";
import { torchError } from "./torch-error.js";

const draw = (generator: Generator) => scope(() => randn([5], { generator }).toArray());

describe("Generator", () => {
  it("gives the same numbers for the same seed and others for another", () => {
    expect(draw(new Generator({ seed: 7 }))).toEqual(draw(new Generator({ seed: 7 })));
    expect(draw(new Generator({ seed: 7 }))).not.toEqual(draw(new Generator({ seed: 8 })));
  });

  it("goes on where it stopped, independently of other generators", () => {
    const one = new Generator({ seed: 7 });
    const first = draw(one);
    draw(new Generator({ seed: 1 }));
    const second = draw(one);
    expect(second).not.toEqual(first);
    const whole = new Generator({ seed: 7 });
    expect([draw(whole), draw(whole)]).toEqual([first, second]);
  });

  it("takes seeds of 64 bits, of which the CPU uses the lower half", () => {
    expect(draw(new Generator({ seed: 2n ** 62n + 1n }))).toEqual(draw(new Generator({ seed: 1 })));
    expect(draw(new Generator({ seed: -1 }))).toEqual(draw(new Generator({ seed: 2 ** 32 - 1 })));
  });

  it("refuses other seeds and devices", () => {
    expect(torchError(() => new Generator({ seed: 1.5 })).code).toBe("TORCH_ARGUMENT_VALUE");
    expect(torchError(() => new Generator({ seed: Number.NaN })).code).toBe("TORCH_ARGUMENT_VALUE");
    expect(torchError(() => new Generator({ seed: 2 ** 53 })).code).toBe("TORCH_ARGUMENT_VALUE");
    expect(torchError(() => new Generator({ seed: 1, device: "abacus" })).code).toBe("TORCH_ARGUMENT_VALUE");
  });

  it("is no tensor, and a tensor is no generator", () => {
    scope(() => {
      const generator = new Generator({ seed: 1 });
      expect(torchError(() => Reflect.apply(aten.exp, null, [generator]))).toMatchObject({
        code: "TORCH_ARGUMENT_TYPE",
        message: expect.stringContaining("self must be a tensor, not a native handle"),
      });
      const options = { generator: randn([1], { generator }) };
      expect(torchError(() => Reflect.apply(aten.rand.generator, null, [[1], options])).message).toContain(
        "generator must be a Generator",
      );
    });
  });
});
