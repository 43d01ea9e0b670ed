import { describe, expect, it } from "vitest";
import { keep, liveTensorCount, scope, type Tensor, tensor, zeros } from "../src/index.js";
import { runNode } from "./run-node.js";
import { torchError } from "./torch-error.js";

describe("scope", () => {
  it("frees what was made inside and returns what the body returns", () => {
    const before = liveTensorCount();
    const made: Tensor[] = [];
    const result = scope(() => {
      made.push(zeros([2]), zeros([2]).add(1));
      return 42;
    });
    expect(result).toBe(42);
    expect(made.map((item) => item.isDisposed)).toEqual([true, true]);
    expect(liveTensorCount()).toBe(before);
  });

  it("leaves the result: a tensor, and tensors in arrays, plain objects, Maps and Sets, however deep", () => {
    const before = liveTensorCount();
    const single = scope(() => zeros([1]).add(1));
    const nested = scope(() => {
      const dropped = zeros([1]);
      return {
        list: [dropped.add(1), [dropped.add(2)]],
        map: new Map([["a", { inner: dropped.add(3) }]]),
        set: new Set([dropped.add(4)]),
        none: null,
        text: "x",
      };
    });
    const survivors = [
      single,
      nested.list[0] as Tensor,
      (nested.list[1] as Tensor[])[0],
      nested.map.get("a")!.inner,
      [...nested.set][0],
    ];
    expect(survivors.map((item) => item.toArray())).toEqual([[1], [1], [2], [3], [4]]);
    expect(liveTensorCount()).toBe(before + 5);
    for (const item of survivors) item.dispose();
    expect(liveTensorCount()).toBe(before);
  });

  it("does not look into objects of other classes", () => {
    class Box {
      constructor(readonly content: Tensor) {}
    }
    expect(scope(() => new Box(zeros([1]))).content.isDisposed).toBe(true);
  });

  it("reads a result that contains itself", () => {
    const result = scope(() => {
      const list: unknown[] = [zeros([1])];
      list.push(list);
      return list;
    });
    expect((result[0] as Tensor).isDisposed).toBe(false);
    (result[0] as Tensor).dispose();
  });

  it("hands survivors to the scope around, which frees them in its turn", () => {
    let inner: Tensor | undefined;
    scope(() => {
      inner = scope(() => {
        const intermediate = zeros([1]);
        return intermediate.add(1);
      });
      expect(inner.isDisposed).toBe(false);
    });
    expect(inner!.isDisposed).toBe(true);
  });

  it("leaves alone what was made outside, also when it is returned", () => {
    const outside = zeros([1]);
    expect(scope(() => outside)).toBe(outside);
    expect(outside.isDisposed).toBe(false);
    outside.dispose();
  });

  it("frees everything when the body throws", () => {
    const before = liveTensorCount();
    expect(() =>
      scope(() => {
        zeros([1]);
        scope(() => {
          zeros([1]);
          throw new Error("inside");
        });
      }),
    ).toThrow("inside");
    expect(liveTensorCount()).toBe(before);
    scope(() => void zeros([1]));
    expect(liveTensorCount()).toBe(before);
  });

  it("frees the rest where a dispose() fails, and reports that after the error of the body", () => {
    const before = liveTensorCount();
    const failing = () => {
      const made = zeros([1]);
      const dispose = made.dispose.bind(made);
      made.dispose = () => {
        dispose();
        throw new Error("dispose");
      };
      return zeros([1]);
    };
    expect(() => scope(() => void failing())).toThrow("dispose");
    expect(() =>
      scope(() => {
        failing();
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(liveTensorCount()).toBe(before);
  });

  it("frees everything when an operator fails", () => {
    const before = liveTensorCount();
    torchError(() => scope(() => zeros([2, 3]).matmul(zeros([2, 3]))));
    expect(liveTensorCount()).toBe(before);
  });

  it("refuses an asynchronous body, and frees what its first part made", () => {
    const before = liveTensorCount();
    const error = torchError(() =>
      scope(async () => {
        zeros([1]);
      }),
    );
    expect(error.code).toBe("TORCH_SCOPE");
    expect(error.message).toContain("around each synchronous part");
    expect(liveTensorCount()).toBe(before);
  });

  it("tolerates tensors that were disposed inside", () => {
    const before = liveTensorCount();
    scope(() => {
      zeros([1]).dispose();
      using _ = zeros([1]);
    });
    expect(liveTensorCount()).toBe(before);
  });

  it("does not free twice what an operator wrote in place or into `out`", () => {
    const outside = tensor([3, 1, 2]);
    scope(() => {
      const same = scope(() => outside.add_(1));
      expect(same).toBe(outside);
    });
    expect(outside.toArray()).toEqual([4, 2, 3]);
    outside.dispose();
  });
});

describe("keep", () => {
  it("takes a tensor out of all scopes", () => {
    const kept: Tensor[] = [];
    scope(() => scope(() => void kept.push(keep(zeros([1])))));
    expect(kept[0].isDisposed).toBe(false);
    kept[0].dispose();
  });

  it("answers with the tensor, also outside of scopes and for the second time", () => {
    const x = zeros([1]);
    expect(keep(keep(x))).toBe(x);
    scope(() => x.add(1));
    expect(x.isDisposed).toBe(false);
    x.dispose();
  });
});

describe("liveTensorCount", () => {
  it("is constant over a loop of training steps", () => {
    const weight = tensor([0.5, -0.5]);
    weight.requiresGrad = true;
    const step = () =>
      scope(() => {
        const loss = weight.mul(tensor([1, 2])).sum();
        loss.backward();
        weight.grad = null;
      });
    step();
    const before = liveTensorCount();
    for (let i = 0; i < 20; i++) step();
    expect(liveTensorCount()).toBe(before);
    weight.dispose();
  });
});

describe("the safety nets", { timeout: 120_000 }, () => {
  it("free forgotten tensors after garbage collection, once the event loop turns", () => {
    const { stdout, stderr } = runNode(
      `for (let i = 0; i < 1000; i++) torch.zeros([10]);
       const before = torch.liveTensorCount();
       for (let i = 0; i < 20 && torch.liveTensorCount() > 0; i++) { gc(); await new Promise((done) => setTimeout(done, 5)); }
       console.log(before, torch.liveTensorCount());`,
      { flags: ["--expose-gc"] },
    );
    expect(stderr).toBe("");
    const [before, after] = stdout.split(" ").map(Number);
    expect(before).toBe(1000);
    expect(after).toBeLessThan(10);
  });

  const loop = (turn: string) => `
    const warnings = [];
    process.on("warning", (warning) => warnings.push(warning.code));
    for (let i = 0; i < 40; i++) { torch.empty([2 ** 24]); ${turn} }
    await new Promise((done) => setTimeout(done, 20));
    console.log(warnings.join());`;

  it("warn once when 1 GiB was made outside of scopes within one turn", () => {
    expect(runNode(loop("")).stdout.trim()).toBe("TORCH_OUTSIDE_SCOPE");
  });

  it("do not warn when the event loop turns, or when scopes free the memory", () => {
    expect(runNode(loop("await new Promise((done) => setImmediate(done));")).stdout.trim()).toBe("");
    expect(
      runNode(
        loop("").replace("torch.empty([2 ** 24])", "torch.scope(() => void torch.empty([2 ** 24]))"),
      ).stdout.trim(),
    ).toBe("");
  });
});
