/**
 * @file Makes random wrong calls; each must return or throw a TorchError with a code.
 *
 * `node fuzz-child.js SEED FIRST COUNT JOURNAL`: every call is written to the file JOURNAL before it is made, so that
 * the one that ends the process is known. A call depends on SEED and its own number only.
 */
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { inspect } from "node:util";
import * as torch from "../../dist/index.js";
import { native } from "../../dist/native.js";
import { reasonLeftOut } from "../../dist/surface.js";
import { ExpectedError, RandomArguments } from "./random-arguments.js";

const { aten, Generator, kernels, scope, Tensor, TorchError, tensor } = torch;

const exported = new Map(Object.entries(torch));
const [seed, first, count] = process.argv.slice(2, 5).map(Number);
const journal = openSync(process.argv[5], "w");
const addon = native();
const only = process.env.FUZZ_ONLY ? new RegExp(process.env.FUZZ_ONLY) : /./;
const schemas = addon
  .allSchemas()
  .filter(
    (schema) =>
      /^(aten|otr)::/.test(schema.name) &&
      reasonLeftOut(schema) === null &&
      only.test(schema.overload ? `${schema.name}.${schema.overload}` : schema.name),
  );
const kernelSchemas = schemas.filter((schema) => schema.name.startsWith("otr::"));
const threads = addon.getNumThreads();

const handle = (value) => {
  if (Array.isArray(value)) {
    try {
      return value.map(handle);
    } catch {
      return value;
    }
  }
  return Tensor.handleOf(value) ?? Generator.handleOf(value) ?? value;
};

/** A call of one operator, by its typed name or by its number. @param {RandomArguments} random */
function operatorCall(random) {
  // The project's own few would hardly ever be met among thousands.
  const schema = random.pick(kernelSchemas.length > 0 && random.chance(0.05) ? kernelSchemas : schemas);
  const family = random.family();
  let values = schema.arguments.map((argument) =>
    argument.hasDefault && random.chance(0.3) ? undefined : random.argument(argument, family),
  );
  if (random.chance(0.04)) values = values.slice(0, Math.floor(random.next() * values.length));
  if (random.chance(0.04)) values = [...values, random.junk()];
  const [namespace, name] = schema.name.split("::");
  const label = schema.overload ? `${name}.${schema.overload}` : name;
  if (random.chance(0.5)) {
    return {
      label: `callOperator ${label}`,
      values,
      run: () => addon.callOperator(addon.findOperator(schema.name, schema.overload), ...values.map(handle)),
    };
  }
  const positionals = schema.arguments.findIndex((argument) => argument.keywordOnly);
  if (positionals >= 0 && random.chance(0.95)) {
    const options = Object.fromEntries(
      schema.arguments.slice(positionals).map((argument, i) => [argument.name, values[positionals + i]]),
    );
    values = [...values.slice(0, positionals), options];
  }
  return {
    label: `${namespace}::${label}`,
    values,
    run: () => {
      const family = (namespace === "aten" ? aten : kernels)[name];
      return (schema.overload ? family[schema.overload] : family)(...values);
    },
  };
}

/** Functions of the addon with the kinds of arguments that they take. */
const ENTRIES = {
  findOperator: ["str", "str"],
  callOperator: ["int", "any", "any"],
  operatorSchema: ["int"],
  overloads: ["str"],
  fromTypedArray: ["array", "int[]"],
  toTypedArray: ["Tensor"],
  shape: ["Tensor"],
  dtype: ["Tensor"],
  device: ["Tensor"],
  bytes: ["Tensor"],
  item: ["Tensor"],
  dispose: ["Tensor"],
  isDisposed: ["Tensor"],
  sameTensor: ["Tensor", "Tensor"],
  liveTensorCount: [],
  makeGenerator: ["Device", "int"],
  requiresGrad: ["Tensor"],
  setRequiresGrad: ["Tensor", "bool"],
  isLeaf: ["Tensor"],
  grad: ["Tensor"],
  setGrad: ["Tensor", "Tensor"],
  backward: ["Tensor[]", "Tensor?[]", "bool"],
  gradients: ["Tensor[]", "Tensor[]", "Tensor?[]", "bool", "bool", "bool"],
  isGradEnabled: [],
  setGradEnabled: ["bool"],
  mapFile: ["path"],
  viewBytes: ["bytes", "int", "int[]", "ScalarType"],
  tryLock: ["descriptor"],
  setNumThreads: ["int"],
  getNumThreads: [],
  cudaDeviceCount: [],
  buildInfo: [],
  pendingSignals: [],
  setErrorClass: ["any"],
};

const PATHS = [
  "",
  "/",
  "/nowhere",
  "/dev/zero",
  "/dev/null",
  "/etc/passwd",
  "\0",
  "x".repeat(5000),
  process.argv[1],
];

/** @param {RandomArguments} random */
function entryValue(random, type, family) {
  if (random.chance(0.1)) return handle(random.junk());
  switch (type) {
    case "any":
      return handle(random.junk());
    case "path":
      return random.pick(PATHS);
    case "descriptor":
      return random.pick([-1, 1e6, 2 ** 31, 2 ** 32 + 1, Number.NaN, null]);
    case "array":
      return random.pick([
        new Float32Array(3),
        new BigInt64Array(2),
        new Uint16Array(2),
        new Float64Array(0),
        new DataView(new ArrayBuffer(8)),
        random.junk(),
      ]);
    case "bytes":
      return handle(
        random.chance(0.7) ? tensor(new Uint8Array(random.pick([0, 1, 8, 64]))) : random.tensor(family),
      );
    default:
      return handle(random.argument({ type, fixedSize: false, nullable: false, name: "" }, family));
  }
}

/** @param {RandomArguments} random */
function entryCall(random) {
  const name = random.pick(Object.keys(ENTRIES));
  const family = random.family();
  let values = ENTRIES[name].map((type) => entryValue(random, type, family));
  if (random.chance(0.1)) values = values.slice(1);
  if (random.chance(0.1)) values = [...values, handle(random.junk())];
  return { label: `addon.${name}`, values, run: () => addon[name](...values) };
}

const METHODS = Object.getOwnPropertyNames(Tensor.prototype).filter((name) => name !== "constructor");
const FUNCTIONS = [
  "tensor",
  "zeros",
  "ones",
  "full",
  "empty",
  "arange",
  "randn",
  "philoxUniform",
  "gradients",
  "noGrad",
  "enableGrad",
  "scope",
  "keep",
  "loadTorch",
  "readSafetensors",
  "readSafetensorsHeader",
  "setNumThreads",
];

/** The public functions and the methods of Tensor. @param {RandomArguments} random */
function surfaceCall(random) {
  const family = random.family();
  const anything = () =>
    random.pick([
      () => random.tensor(family),
      () => random.integer(),
      () => random.junk(),
      () => [random.integer(), random.integer()],
    ])();
  const values = Array.from({ length: random.pick([0, 1, 2, 3]) }, anything);
  if (random.chance(0.4)) {
    const name = random.pick(FUNCTIONS);
    return { label: name, values, run: () => exported.get(name)(...values) };
  }
  const name = random.pick(METHODS);
  const target = random.chance(0.95) ? random.tensor(family) : random.junk();
  const { get, set, value } = Object.getOwnPropertyDescriptor(Tensor.prototype, name);
  const action = value ?? (set !== undefined && random.chance(0.5) ? set : get);
  return {
    label: `Tensor.prototype.${name}`,
    values: [target, ...values],
    run: () => Reflect.apply(action, target, values),
  };
}

/** Junk can throw when it is looked at. */
function safeInspect(value, options) {
  try {
    return inspect(value, options);
  } catch {
    return "(cannot be shown)";
  }
}

function describe(value) {
  if (value instanceof Tensor && Tensor.handleOf(value) !== null) {
    return value.isDisposed ? "disposed" : `${value}${value.requiresGrad ? "g" : ""}`;
  }
  if (
    Array.isArray(value) &&
    !Object.getOwnPropertyDescriptor(value, 1)?.get &&
    !Object.getOwnPropertyDescriptor(value, 2)?.get
  )
    return `[${Array.from(value, describe).join(", ")}]`;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return `{${Object.entries(value)
      .map(([k, v]) => `${k}: ${describe(v)}`)
      .join(", ")}}`;
  return safeInspect(value, { depth: 0, maxStringLength: 40, getters: false })
    .replaceAll("\0", "\\0")
    .slice(0, 200);
}

const outcomes = {};
for (let number = first; number < first + count; number++) {
  const random = new RandomArguments(Math.imul(seed, 1_000_003) + number);
  scope(() => {
    const { label, values, run } = random.pick([
      operatorCall,
      operatorCall,
      operatorCall,
      operatorCall,
      entryCall,
      surfaceCall,
    ])(random);
    const text = `call ${number} of seed ${seed}: ${label}(${values.map(describe).join(", ")})\n`;
    if (process.env.FUZZ_PRINT) process.stdout.write(text);
    ftruncateSync(journal, 0);
    writeSync(journal, text, 0);
    const began = performance.now();
    try {
      run();
      outcomes.returned = (outcomes.returned ?? 0) + 1;
    } catch (error) {
      const isExpected =
        error instanceof TorchError ? /^TORCH_[A-Z_]+$/.test(error.code) : error instanceof ExpectedError;
      const fromJavaScript =
        !label.startsWith("callOperator") &&
        !label.startsWith("addon.") &&
        (error instanceof TypeError || error instanceof RangeError || error?.name === "SetupError");
      if (!isExpected && !fromJavaScript) {
        process.stderr.write(`${text}threw ${inspect(error)}\n`);
        process.exit(3);
      }
      const key = isExpected ? (error.code ?? "getter") : error.name;
      outcomes[key] = (outcomes[key] ?? 0) + 1;
      if (process.env.FUZZ_CODE && key === process.env.FUZZ_CODE)
        process.stdout.write(`${text}   ${error.message}\n`);
    }
    addon.setErrorClass(TorchError);
    addon.setNumThreads(threads);
    addon.setGradEnabled(true);
    const took = performance.now() - began;
    if (process.env.FUZZ_SLOW && took > 300) process.stdout.write(`${took.toFixed(0)} ms ${text}`);
  });
}
closeSync(journal);
process.stdout.write(`${JSON.stringify(outcomes)}\n`);
