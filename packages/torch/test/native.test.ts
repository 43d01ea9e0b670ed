import { copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { addonPaths } from "../setup/index.js";
import { aten, Generator, liveTensorCount, scope, Tensor, tensor, zeros } from "../src/index.js";
import { type NativeAddon, native } from "../src/native.js";
import { compiledPackage, runNode } from "./run-node.js";
import { torchError } from "./torch-error.js";

const addon: Record<string, (...values: unknown[]) => unknown> = Object.fromEntries(
  Object.entries(native()).map(([name, value]: [string, (...values: unknown[]) => unknown]) => [name, value]),
);
const handleOf = (value: Tensor) => Tensor.handleOf(value);

/**
 * Everything that is no tensor handle, but that somebody could try to pass for one; without an object whose prototype
 * is a handle, because V8 of Node 26 ends the process where `Object.create` is given any external value.
 */
const forged = (): [string, unknown][] => [
  ["undefined", undefined],
  ["null", null],
  ["a number", 1],
  ["a bigint", 1n],
  ["a string", "tensor"],
  ["a boolean", true],
  ["a symbol", Symbol("tensor")],
  ["a function", () => 1],
  ["an object", {}],
  ["an object without prototype", Object.create(null)],
  ["an array", [1]],
  ["a Proxy", new Proxy({}, {})],
  ["a typed array", new Float32Array(2)],
  ["a Tensor object instead of its handle", zeros([1])],
  ["a Proxy of a handle", new Proxy(handleOf(zeros([1]))!, {})],
  ["the handle of a Generator", Generator.handleOf(new Generator({ seed: 1 }))],
];

/** Functions of the addon with their number of arguments; at `tensor` they expect a tensor. */
const TENSOR_FUNCTIONS = [
  "toTypedArray",
  "shape",
  "dtype",
  "device",
  "bytes",
  "item",
  "dispose",
  "isDisposed",
  "requiresGrad",
  "isLeaf",
  "grad",
];

describe("functions that take a tensor", () => {
  it("refuse everything else, and say what they got", () => {
    for (const [name, value] of forged()) {
      for (const entry of TENSOR_FUNCTIONS) {
        const error = torchError(() => addon[entry](value));
        expect(error.code, `${entry}(${name})`).toBe("TORCH_ARGUMENT_TYPE");
        expect(error.message).toMatch(/^tensor must be a tensor, not /);
      }
    }
  });

  it("refuse them inside of lists too", () => {
    for (const [, value] of forged()) {
      expect(torchError(() => addon.backward([value], null, false)).code).toBe("TORCH_ARGUMENT_TYPE");
      const cat = native().findOperator("aten::cat", "");
      const error = torchError(() => addon.callOperator(cat, [handleOf(zeros([1])), value], 0));
      expect(error).toMatchObject({ code: "TORCH_ARGUMENT_TYPE", operator: "aten::cat" });
      expect(error.message).toContain("tensors[1] must be a tensor");
    }
  });

  it("refuse a wrong number of arguments", () => {
    const x = handleOf(zeros([1]));
    for (const entry of TENSOR_FUNCTIONS) {
      expect(torchError(() => addon[entry]()).code).toBe("TORCH_ARGUMENT_COUNT");
      expect(torchError(() => addon[entry](x, x)).code).toBe("TORCH_ARGUMENT_COUNT");
    }
  });
});

describe("numbers", () => {
  const x = () => handleOf(zeros([3]));
  const narrow = () => native().findOperator("aten::narrow", "");

  it.each<[string, unknown, string, RegExp]>([
    ["NaN", Number.NaN, "TORCH_ARGUMENT_VALUE", /dim must be an integer, not nan/],
    ["a fraction", 0.5, "TORCH_ARGUMENT_VALUE", /dim must be an integer, not 0.5/],
    ["infinity", Number.POSITIVE_INFINITY, "TORCH_ARGUMENT_VALUE", /2\^53|integer/],
    ["2^53", 2 ** 53, "TORCH_ARGUMENT_VALUE", /beyond 2\^53.*bigint/],
    ["-2^60", -(2 ** 60), "TORCH_ARGUMENT_VALUE", /beyond 2\^53/],
    ["a bigint of 65 bits", 2n ** 64n, "TORCH_ARGUMENT_VALUE", /64 bits/],
    ["a bigint that is no dimension", 2n ** 62n, "TORCH_INDEX", /Dimension out of range/],
    ["a string", "0", "TORCH_ARGUMENT_TYPE", /dim must be an integer, not a string/],
    ["null", null, "TORCH_ARGUMENT_TYPE", /dim must be an integer, not null/],
    ["an object with valueOf", { valueOf: () => 0 }, "TORCH_ARGUMENT_TYPE", /not an object/],
  ])("%s is refused where an index is expected", (_name, value, code, message) => {
    const error = torchError(() => addon.callOperator(narrow(), x(), value, 0, 1));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.operator).toBe("aten::narrow");
  });

  it("beyond 2^53 are refused as results", () => {
    const big = handleOf(tensor(BigInt64Array.of(2n ** 60n)));
    expect(torchError(() => addon.item(big)).code).toBe("TORCH_VALUE");
  });
});

describe("operator handles", () => {
  it.each([-1, 1e9, 2 ** 40, 0.5, Number.NaN, "0", null, undefined, {}])("%s does not exist", (handle) => {
    expect(torchError(() => addon.callOperator(handle)).code).toMatch(
      /TORCH_(UNKNOWN_OPERATOR|ARGUMENT_(TYPE|VALUE))/,
    );
    expect(torchError(() => addon.operatorSchema(handle)).code).toMatch(
      /TORCH_(UNKNOWN_OPERATOR|ARGUMENT_(TYPE|VALUE))/,
    );
  });

  it("are the same for the same operator", () => {
    expect(native().findOperator("aten::mm", "")).toBe(native().findOperator("aten::mm", ""));
    expect(torchError(() => native().findOperator("mm", "")).code).toMatch(
      /TORCH_(UNKNOWN_OPERATOR|UNSUPPORTED)/,
    );
    expect(torchError(() => native().findOperator("aten::mm", "no_overload")).code).toBe(
      "TORCH_UNKNOWN_OPERATOR",
    );
  });
});

describe("arguments that run code while they are read", () => {
  it("a getter that throws: its error comes through, and the next call works", () => {
    scope(() => {
      const shape = Object.defineProperty([2, 2], 1, {
        get() {
          throw new RangeError("from the getter");
        },
      });
      expect(() => zeros(shape)).toThrow(new RangeError("from the getter"));
      expect(zeros([2]).toArray()).toEqual([0, 0]);
    });
  });

  it("a getter that disposes a tensor which was read already: the call keeps its own reference", () => {
    scope(() => {
      const x = tensor([1, 2]);
      const y = tensor([3]);
      const list = Object.defineProperty([x, x], 1, {
        get() {
          x.dispose();
          return y;
        },
      });
      const handles = Object.defineProperty([handleOf(x), null], 1, {
        get() {
          x.dispose();
          return handleOf(y);
        },
      });
      const cat = native().findOperator("aten::cat", "");
      expect(
        new Tensor(addon.callOperator(cat, handles, 0) as NonNullable<ReturnType<typeof handleOf>>).toArray(),
      ).toEqual([1, 2, 3]);
      expect(x.isDisposed).toBe(true);
      expect(torchError(() => aten.cat(list)).code).toBe("TORCH_DISPOSED");
    });
  });

  it("a getter that makes the list shorter or longer", () => {
    scope(() => {
      const shrinking: number[] = [2, 3, 4];
      Object.defineProperty(shrinking, 0, {
        configurable: true,
        get() {
          shrinking.length = 1;
          return 2;
        },
      });
      expect(torchError(() => addon.fromTypedArray(new Float32Array(24), shrinking)).code).toBe(
        "TORCH_ARGUMENT_TYPE",
      );
      const growing: number[] = [2, 3];
      Object.defineProperty(growing, 0, {
        get() {
          growing.push(9);
          return 2;
        },
      });
      expect(zeros(growing).shape.slice(0, 2)).toEqual([2, 3]);
    });
  });

  it("a getter that calls operators, and finds new ones, in the middle of a call", () => {
    scope(() => {
      const shape: number[] = [2, 3];
      Object.defineProperty(shape, 0, {
        get: () => {
          for (let i = 0; i < 3; i++) aten.erfinv(zeros([1]));
          return aten.trace(tensor([1, 0, 0, 1], { shape: [2, 2] })).item();
        },
      });
      expect(zeros(shape).shape).toEqual([2, 3]);
    });
  });

  it("a getter that detaches the array whose elements are copied", () => {
    const array = new Float32Array(4);
    const shape = Object.defineProperty([4], 0, {
      get() {
        if (array.byteLength > 0) structuredClone(array.buffer, { transfer: [array.buffer] });
        return 4;
      },
    });
    expect(torchError(() => addon.fromTypedArray(array, shape)).code).toBe("TORCH_ARGUMENT_VALUE");
  });

  it("a Proxy of an array, and a list that contains itself", () => {
    scope(() => {
      expect(torchError(() => addon.fromTypedArray(new Float32Array(1), new Proxy([1], {}))).code).toBe(
        "TORCH_ARGUMENT_TYPE",
      );
      const cyclic: unknown[] = [zeros([1])];
      cyclic.push(cyclic);
      expect(torchError(() => Reflect.apply(aten.cat, null, [cyclic])).code).toBe("TORCH_ARGUMENT_TYPE");
    });
  });
});

describe("strings", () => {
  it("may be long, empty or hold a zero byte", () => {
    expect(torchError(() => native().findOperator("aten::".padEnd(100_000, "x"), "")).code).toBe(
      "TORCH_UNKNOWN_OPERATOR",
    );
    expect(torchError(() => native().mapFile("/dev/null\0")).code).toBe("TORCH_ARGUMENT_VALUE");
    expect(torchError(() => native().mapFile("")).code).toBe("TORCH_FILE");
    expect(torchError(() => native().mapFile("/")).code).toBe("TORCH_FILE");
  });
});

describe("views of bytes", () => {
  const bytes = () => handleOf(tensor(Uint8Array.from({ length: 16 }, (_, i) => i)))!;

  it("stay inside", () => {
    const beyond: [number, number[]][] = [
      [-1, [1]],
      [16, [1]],
      [13, [1]],
      [0, [5]],
      [0, [2 ** 52, 2 ** 52]],
      [4, [-1]],
      [2 ** 52, [0]],
    ];
    for (const [offset, shape] of beyond) {
      expect(torchError(() => native().viewBytes(bytes(), offset, shape, "float32")).code).toBe(
        "TORCH_ARGUMENT_VALUE",
      );
    }
    expect(torchError(() => native().viewBytes(handleOf(zeros([4]))!, 0, [1], "float32")).code).toBe(
      "TORCH_ARGUMENT_TYPE",
    );
  });

  it("are copied where the address does not suit the dtype", () => {
    scope(() => {
      const aligned = new Tensor(native().viewBytes(bytes(), 4, [2], "int32"));
      const shifted = new Tensor(native().viewBytes(bytes(), 3, [1], "int32"));
      expect(aligned.toArray()).toEqual([0x07060504, 0x0b0a0908]);
      expect(shifted.toArray()).toEqual([0x06050403]);
    });
  });
});

describe("views of bytes as bool", () => {
  it("hold 0 and 1, whatever the bytes were", () => {
    scope(() => {
      const view = new Tensor(
        native().viewBytes(handleOf(tensor(Uint8Array.of(0, 1, 2, 255)))!, 0, [4], "bool"),
      );
      expect(view.to("uint8").toArray()).toEqual([0, 1, 1, 1]);
      expect(view.sum().item()).toBe(3);
    });
  });
});

describe("a shape beyond 64 bits", () => {
  it("is named as the number that it is", () => {
    const error = torchError(() => native().fromTypedArray(new Float32Array(1), [2 ** 52, 2 ** 52]));
    expect(error.message).toContain("asks for 2.028240960365167e+31 elements, the array has 1");
  });
});

describe("threads of JavaScript", { timeout: 120_000 }, () => {
  const run = (source: string, data: unknown = null) =>
    new Promise<unknown>((done, fail) => {
      const module = `const { parentPort, workerData } = require("node:worker_threads");
        import(${JSON.stringify(compiledPackage.href)}).then((torch) => { ${source} });`;
      const worker = new Worker(module, { eval: true, workerData: data });
      let answer: unknown;
      worker.on("message", (message) => {
        answer = message;
      });
      worker.on("error", fail);
      worker.on("exit", () => done(answer));
    });

  it("load the package several at a time, each with its own count", async () => {
    const before = liveTensorCount();
    const work = `
      const kept = Array.from({ length: workerData }, (_, i) => torch.full([8], i));
      const sum = kept.reduce((total, x) => total + x.sum().item(), 0);
      parentPort.postMessage([sum, torch.liveTensorCount() >= workerData, torch.isGradEnabled()]);`;
    const answers = await Promise.all([1, 5, 20].map((count) => run(work, count)));
    expect(answers).toEqual([
      [0, true, true],
      [80, true, true],
      [1520, true, true],
    ]);
    expect(liveTensorCount()).toBeLessThanOrEqual(before);
  });

  it("do not share tensors: none can be sent, and what arrives is none", async () => {
    const x = zeros([1]);
    expect(() => structuredClone(Tensor.handleOf(x))).toThrow(/could not be cloned/);
    const answer = await run(
      `try { torch.aten.cat([workerData]); } catch (error) { parentPort.postMessage(error.code); }`,
      x,
    );
    expect(answer).toBe("TORCH_ARGUMENT_TYPE");
    x.dispose();
  });

  it("have gradient modes of their own", async () => {
    const answer = await run("torch.noGrad(() => parentPort.postMessage(torch.isGradEnabled()));");
    expect(answer).toBe(false);
    expect(native().isGradEnabled()).toBe(true);
  });
});

describe("a second copy of the package", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "torch-copy-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("of the addon alone is refused", () => {
    scope(() => zeros([1]));
    const copy = join(folder, "copy.node");
    copyFileSync(addonPaths().torch, copy);
    const load = (): NativeAddon => createRequire(import.meta.url)(copy);
    expect(load).toThrow(expect.objectContaining({ code: "TORCH_SECOND_COPY" }));
    expect(load).toThrow(/npm ls @one-token\/torch/);
  });

  it("of all of it is refused with a TorchError, and the first goes on working", () => {
    const original = fileURLToPath(new URL("..", compiledPackage));
    for (const part of ["package.json", "dist", "setup", "build"]) {
      cpSync(join(original, part), join(folder, "torch", part), {
        recursive: true,
        filter: (path) => !path.endsWith(".o") && !path.endsWith(".map"),
      });
    }
    const { status, stdout, stderr } = runNode(`
      const x = torch.ones([2]);
      const second = await import(${JSON.stringify(join(folder, "torch/dist/index.js"))});
      try { second.zeros([1]); } catch (error) { console.log(error instanceof second.TorchError, error.code); }
      console.log(x.sum().item());`);
    expect(stderr).toBe("");
    expect(stdout).toBe("true TORCH_SECOND_COPY\n2\n");
    expect(status).toBe(0);
  });
});

describe("the caches of compiled products", () => {
  it("are bounded, unless the user says otherwise", () => {
    const program = `torch.loadTorch();
      console.log(process.env.ONEDNN_PRIMITIVE_CACHE_CAPACITY, process.env.LRU_CACHE_CAPACITY);`;
    expect(runNode(program).stdout).toBe("64 64\n");
    const env = { ONEDNN_PRIMITIVE_CACHE_CAPACITY: "7", LRU_CACHE_CAPACITY: "8" };
    expect(runNode(program, { env }).stdout).toBe("7 8\n");
  });
});
