import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LEFT_OUT } from "../src/generated/aten.js";
import { native, type OperatorSchema } from "../src/native.js";
import { aten } from "../src/operators.js";
import { reasonLeftOut, renderSurface } from "../src/surface.js";

const schemas = native().allSchemas();
const fullName = ({ name, overload }: OperatorSchema) => (overload === "" ? name : `${name}.${overload}`);

describe("the generated surface", () => {
  const text = readFileSync(new URL("../src/generated/aten.ts", import.meta.url), "utf8");

  it("is what the linked libtorch reports: `npm run generate -w @one-token/torch` when not", () => {
    expect(renderSurface(schemas, native().buildInfo().torchVersion) === text).toBe(true);
  });

  it("has every operator or says why not", () => {
    const atenSchemas = schemas.filter((schema) => schema.name.startsWith("aten::"));
    expect(atenSchemas.length).toBeGreaterThan(3000);
    const leftOut = atenSchemas.filter((schema) => reasonLeftOut(schema) !== null);
    expect(leftOut.map((schema) => fullName(schema).slice("aten::".length)).sort()).toEqual(
      Object.keys(LEFT_OUT).sort(),
    );
    expect(leftOut.length / atenSchemas.length).toBeLessThan(0.15);
  });

  it("resolves: each of its operators is found, and takes the arguments that its schema names", () => {
    for (const schema of schemas) {
      if (!schema.name.startsWith("aten::") || reasonLeftOut(schema) !== null) continue;
      const found = native().operatorSchema(native().findOperator(schema.name, schema.overload));
      expect(found).toEqual(schema);
      const family: object = Reflect.get(aten, schema.name.slice("aten::".length));
      expect(typeof (schema.overload === "" ? family : Reflect.get(family, schema.overload))).toBe(
        "function",
      );
    }
  });

  it("does not reach what trusts its arguments", () => {
    for (const schema of schemas.filter((candidate) => candidate.unchecked)) {
      expect(() => native().findOperator(schema.name, schema.overload)).toThrow("left out");
    }
  });
});

describe("renderSurface", () => {
  const argument = (
    name: string,
    type: string,
    changes: Partial<OperatorSchema["arguments"][number]> = {},
  ) => ({
    name,
    type,
    supported: true,
    nullable: false,
    hasDefault: false,
    keywordOnly: false,
    fixedSize: false,
    ...changes,
  });
  const schema = (changes: Partial<OperatorSchema>): OperatorSchema => ({
    name: "aten::f",
    overload: "",
    unchecked: false,
    arguments: [],
    returns: ["Tensor"],
    ...changes,
  });
  const render = (...list: OperatorSchema[]) => renderSurface(list, "1.2.3");

  it("writes required and optional arguments, and names as options what may be given by name", () => {
    const text = render(
      schema({
        arguments: [
          argument("self", "Tensor"),
          argument("dim", "int[]", { fixedSize: true, nullable: true }),
          argument("keepdim", "bool", { hasDefault: true }),
          argument("dtype", "ScalarType", { keywordOnly: true, nullable: true, hasDefault: true }),
        ],
      }),
    );
    expect(text).toContain(
      "  f(self: Tensor, dim: readonly Integer[] | Integer | null, keepdim?: boolean, " +
        "options?: { keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;",
    );
  });

  it("demands the options where one of them has no default", () => {
    const text = render(
      schema({
        arguments: [
          argument("self", "Tensor"),
          argument("dim", "int", { hasDefault: true }),
          argument("out", "Tensor", { keywordOnly: true }),
        ],
      }),
    );
    expect(text).toContain(
      "  f(self: Tensor, dim: Integer | undefined, options: { dim?: Integer | undefined; out: Tensor }): Tensor;",
    );
  });

  it("writes results: none, one, several, undefined ones", () => {
    const result = (returns: string[]) => render(schema({ returns })).match(/ {2}f\(\): (.*);/)?.[1];
    expect(result([])).toBe("void");
    expect(result(["Tensor[]"])).toBe("Tensor[]");
    expect(result(["Tensor", "int"])).toBe("[Tensor, number]");
    expect(result(["Scalar"])).toBe("number | boolean");
  });

  it("renames what JavaScript reserves", () => {
    expect(render(schema({ arguments: [argument("in", "int"), argument("self", "Tensor")] }))).toContain(
      "f(in_: Integer, self: Tensor)",
    );
  });

  it("groups overloads under their name, in order", () => {
    const text = render(schema({ overload: "out" }), schema({}), schema({ name: "aten::a", overload: "x" }));
    expect(text).toContain(
      "  a: {\n    x(): Tensor;\n  };\n  f: {\n    (): Tensor;\n    out(): Tensor;\n  };",
    );
  });

  it("lists what is left out with the reason", () => {
    const text = render(
      schema({ name: "aten::storage", arguments: [argument("s", "Storage", { supported: false })] }),
      schema({ name: "aten::trusting", unchecked: true }),
      schema({ name: "aten::lists", returns: ["list"] }),
      schema({ name: "other::f" }),
    );
    expect(text).toContain('  "lists": "result of a type without a JavaScript form",');
    expect(text).toContain('  "storage": "argument of type Storage",');
    expect(text).toContain('  "trusting": "trusts its arguments without checking them",');
    expect(text).not.toContain("  f(");
  });
});
