/**
 * @file Writes the typed surface of `aten` and `kernels` from the schemas that the linked libtorch reports.
 *
 * `npm run generate -w @one-token/torch` writes the result to `src/generated/`; a test compares.
 */
import type { OperatorSchema } from "./native.js";

const TYPES: Readonly<Record<string, string>> = {
  Tensor: "Tensor",
  int: "Integer",
  float: "number",
  Scalar: "Scalar",
  bool: "boolean",
  str: "string",
  ScalarType: "DType",
  Layout: "Layout",
  MemoryFormat: "MemoryFormat",
  Device: "string",
  Generator: "Generator",
  "Tensor[]": "readonly Tensor[]",
  "Tensor?[]": "readonly (Tensor | null)[]",
  "int[]": "readonly Integer[]",
  "float[]": "readonly number[]",
  "bool[]": "readonly boolean[]",
  "Scalar[]": "readonly Scalar[]",
  "str[]": "readonly string[]",
};

const RESULTS: Readonly<Record<string, string>> = {
  ...TYPES,
  int: "number",
  Scalar: "number | boolean",
  "Tensor?": "Tensor | null",
  "Tensor[]": "Tensor[]",
  "int[]": "number[]",
};

type Argument = OperatorSchema["arguments"][number];

function typeOf(argument: Argument): string {
  const plain = TYPES[argument.type];
  const element = argument.fixedSize && plain.startsWith("readonly ") ? ` | ${plain.slice(9, -2)}` : "";
  return `${plain}${element}${argument.nullable ? " | null" : ""}`;
}

const RESERVED = new Set(["default", "in", "function", "var", "new", "delete", "this"]);

function signature(schema: OperatorSchema): string {
  const positional = schema.arguments.filter((argument) => !argument.keywordOnly);
  const keywords = schema.arguments.filter((argument) => argument.keywordOnly);
  const needsOptions = keywords.some((argument) => !argument.hasDefault);
  const firstOptional = positional.findLastIndex((argument) => !argument.hasDefault) + 1;
  const parameters = positional.map((argument, index) => {
    const name = RESERVED.has(argument.name) ? `${argument.name}_` : argument.name;
    if (index < firstOptional) return `${name}: ${typeOf(argument)}`;
    return needsOptions ? `${name}: ${typeOf(argument)} | undefined` : `${name}?: ${typeOf(argument)}`;
  });
  const named = [...positional.slice(firstOptional), ...keywords].map(
    (argument) =>
      `${argument.name}${argument.hasDefault ? "?" : ""}: ${typeOf(argument)}${argument.hasDefault ? " | undefined" : ""}`,
  );
  if (keywords.length > 0) parameters.push(`options${needsOptions ? "" : "?"}: { ${named.join("; ")} }`);
  const results = schema.returns.map((result) => RESULTS[result]);
  const result =
    results.length === 0 ? "void" : results.length === 1 ? results[0] : `[${results.join(", ")}]`;
  return `(${parameters.join(", ")}): ${result}`;
}

/** Why an operator has no place in the surface; null when it has one. */
export function reasonLeftOut(schema: OperatorSchema): string | null {
  if (schema.unchecked) return "trusts its arguments without checking them";
  const argument = schema.arguments.find((candidate) => !candidate.supported);
  if (argument !== undefined) return `argument of type ${argument.type}`;
  const result = schema.returns.find((candidate) => RESULTS[candidate] === undefined);
  return result === undefined ? null : "result of a type without a JavaScript form";
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The members of the interface of one namespace. */
function renderMembers(schemas: readonly OperatorSchema[], namespace: string): string {
  const families = new Map<string, OperatorSchema[]>();
  for (const schema of schemas) {
    const name = schema.name.slice(namespace.length + 2);
    families.set(name, [...(families.get(name) ?? []), schema]);
  }
  return [...families]
    .sort(([a], [b]) => compare(a, b))
    .map(([name, overloads]) => {
      const sorted = overloads.sort((a, b) => compare(a.overload, b.overload));
      if (sorted.length === 1 && sorted[0].overload === "") return `  ${name}${signature(sorted[0])};`;
      const lines = sorted.map((schema) => `    ${schema.overload}${signature(schema)};`);
      return `  ${name}: {\n${lines.join("\n")}\n  };`;
    })
    .join("\n");
}

/** The text of `generated/aten.ts`: the interfaces `Aten` and `Kernels` and the named list of what is left out. */
export function renderSurface(schemas: readonly OperatorSchema[], torchVersion: string): string {
  const kept = schemas.filter((schema) => reasonLeftOut(schema) === null);
  const of = (namespace: string) =>
    renderMembers(
      kept.filter(({ name }) => name.startsWith(`${namespace}::`)),
      namespace,
    );
  const leftOut = schemas
    .filter((schema) => schema.name.startsWith("aten::") && reasonLeftOut(schema) !== null)
    .map((schema) => {
      const name = schema.name.slice("aten::".length) + (schema.overload ? `.${schema.overload}` : "");
      return `  ${JSON.stringify(name)}: ${JSON.stringify(reasonLeftOut(schema))},`;
    });
  return `// Generated from the schemas of libtorch ${torchVersion} by \`npm run generate -w @one-token/torch\`. Do not edit.
import type { DType } from "../dtype.js";
import type { Generator } from "../generator.js";
import type { Tensor } from "../tensor.js";

/** A bigint where the number may be beyond 2^53. */
export type Integer = number | bigint;
/** A number as operators take it. */
export type Scalar = number | bigint | boolean;
/** How the elements of a tensor lie in memory; sparse layouts are not supported. */
export type Layout = "strided";
/** The order of the elements in memory. */
export type MemoryFormat = "contiguous" | "preserve" | "channels_last" | "channels_last_3d";

/** Every ATen operator but those of {@link LEFT_OUT}; overloads are properties: \`aten.add.Tensor(a, b)\`. */
export interface Aten {
${of("aten")}
}

/** The project's own operators. */
export interface Kernels {
${of("otr")}
}

/** ATen operators without a place in {@link Aten}, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
${leftOut.sort(compare).join("\n")}
};
`;
}
