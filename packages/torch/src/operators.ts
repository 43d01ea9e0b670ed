/**
 * @file Every operator that libtorch knows, called by its schema.
 *
 * `aten.mm(a, b)`, `aten.add.Tensor(a, b, { alpha: 2 })`: positional arguments, then optionally one plain object with
 * arguments by name. Types come from the generated interface; at run time names are looked up at first use.
 */
import { TorchError } from "./errors.js";
import type { Aten, Kernels } from "./generated/aten.js";
import { Generator } from "./generator.js";
import { type Handle, native } from "./native.js";
import { Tensor } from "./tensor.js";

type Operator = (...values: unknown[]) => unknown;

function unwrap(value: unknown): unknown {
  if (!Array.isArray(value)) return Tensor.handleOf(value) ?? Generator.handleOf(value) ?? value;
  return value.some((item) => typeof item === "object")
    ? value.map((item) => Tensor.handleOf(item) ?? item)
    : value;
}

// Objects from native code are handles: an operator's other results are numbers, booleans, strings and lists. An
// operator that works in place, or into `out`, answers with its argument's handle: that is the same Tensor, and a second
// one would free it twice.
function wrap(value: unknown, inputs: readonly unknown[]): unknown {
  if (Array.isArray(value)) return value.map((item) => wrap(item, inputs));
  if (typeof value !== "object" || value === null) return value;
  return inputs.find((input) => Tensor.handleOf(input) === value) ?? new Tensor(value as Handle);
}

function isOptions(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Puts named arguments into their places. */
function positional(
  name: string,
  names: readonly string[],
  values: readonly unknown[],
  options: Record<string, unknown>,
): unknown[] {
  const result: unknown[] = [...values];
  for (const [key, value] of Object.entries(options)) {
    const position = names.indexOf(key);
    if (position < 0) {
      const known = names.join(", ");
      throw new TorchError("TORCH_ARGUMENT_TYPE", `${name} has no argument '${key}'; it has ${known}`, name);
    }
    if (position < values.length) {
      throw new TorchError("TORCH_ARGUMENT_TYPE", `${name} got '${key}' by position and by name`, name);
    }
    result[position] = value;
  }
  return result;
}

function makeOperator(name: string, overload: string): Operator {
  const addon = native();
  const operator = addon.findOperator(name, overload);
  const schema = addon.operatorSchema(operator);
  const names = schema.arguments.map((argument) => argument.name);
  const keywordStart = schema.arguments.findIndex((argument) => argument.keywordOnly);
  const positionalCount = keywordStart < 0 ? names.length : keywordStart;
  return (...values) => {
    const last = values.at(-1);
    let inputs = values;
    if (isOptions(last)) inputs = positional(name, names, values.slice(0, -1), last);
    else if (values.length > positionalCount) {
      throw new TorchError(
        "TORCH_ARGUMENT_COUNT",
        `${name} takes at most ${positionalCount} positional arguments, not ${values.length}` +
          (keywordStart < 0
            ? ""
            : `; pass ${names.slice(keywordStart).join(", ")} by name: { ${names[keywordStart]}: ... }`),
        name,
      );
    }
    return wrap(addon.callOperator(operator, ...inputs.map(unwrap)), inputs);
  };
}

/** An object whose properties are made by `create` at their first use and are plain properties afterwards. */
function lazily(create: (key: string) => unknown, parent: object | null = null): object {
  const source = new Proxy(Object.create(parent), {
    get(target, key, receiver) {
      if (typeof key !== "string" || key === "then") return Reflect.get(target, key, receiver);
      const value = create(key);
      Object.defineProperty(receiver, key, { value });
      return value;
    },
  });
  return Object.create(source);
}

function operatorFamily(namespace: string, key: string): unknown {
  const name = `${namespace}::${key}`;
  const overloads = native().overloads(name);
  if (overloads.length === 0) {
    throw new TorchError("TORCH_UNKNOWN_OPERATOR", `libtorch has no operator ${name}`, name);
  }
  let first: Operator | null = null;
  const family: Operator = (...values) => {
    first ??= makeOperator(name, "");
    return first(...values);
  };
  for (const overload of overloads.filter((overload) => overload !== "")) {
    let operator: Operator | null = null;
    Object.defineProperty(family, overload, {
      configurable: true,
      value: (...values: unknown[]) => {
        operator ??= makeOperator(name, overload);
        return operator(...values);
      },
    });
  }
  return family;
}

/** The operators of one namespace of libtorch's dispatcher; untyped, for what {@link aten} does not name. */
export function operatorNamespace<T extends object>(namespace: string): T {
  return lazily((key) => operatorFamily(namespace, key)) as T;
}

/** Every ATen operator. */
export const aten: Aten = operatorNamespace<Aten>("aten");

/** The project's own operators, in `native/kernels`. */
export const kernels: Kernels = operatorNamespace<Kernels>("otr");

/** Operators by namespace, such as `ops._c10d_functional.all_reduce`. */
export const ops = lazily((namespace) => operatorNamespace(namespace)) as Record<
  string,
  Record<string, Operator>
>;
