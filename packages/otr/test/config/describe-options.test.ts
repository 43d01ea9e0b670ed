import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeOptions, groupOptions, listWords } from "../../src/config/describe-options.js";
import { option } from "../../src/config/option-text.js";

const words = { group: "G", description: "D." };
const one = (schema: z.ZodType, extra = {}) =>
  describeOptions(z.strictObject({ someOption: option(schema, { ...words, ...extra }) }))[0]!;

describe("describeOptions", () => {
  it("tells what a value must be", () => {
    expect(one(z.number().gt(0)).expected).toBe("a number above 0");
    expect(one(z.number().min(0).lt(1)).expected).toBe("a number of at least 0 and below 1");
    expect(one(z.int().min(2)).expected).toBe("a whole number of at least 2");
    expect(one(z.int()).expected).toBe("a whole number");
    expect(one(z.enum(["a", "b", "c"])).expected).toBe("a, b or c");
    expect(one(z.union([z.literal("auto"), z.boolean()])).expected).toBe("auto, true or false");
    expect(one(z.int().min(1).nullable()).expected).toBe("a whole number of at least 1 or null");
    expect(one(z.boolean().nullable()).expected).toBe("true, false or null");
    expect(one(z.string(), { expected: "a colour" }).expected).toBe("a colour");
  });

  it("writes placeholders", () => {
    expect(one(z.number()).placeholder).toBe("NUMBER");
    expect(one(z.int().nullable()).placeholder).toBe("INTEGER");
    expect(one(z.enum(["a", "b"])).placeholder).toBe("a|b");
    expect(one(z.boolean()).placeholder).toBe("true|false");
    expect(one(z.string(), { placeholder: "FOLDER" }).placeholder).toBe("FOLDER");
  });

  it("knows names, defaults and which options are required", () => {
    expect(one(z.number().default(3), { unit: "tokens" })).toMatchObject({
      key: "someOption",
      name: "some_option",
      required: false,
      default: 3,
      unit: "tokens",
    });
    expect(one(z.string())).toMatchObject({ required: true, default: undefined, unit: null });
  });

  it("refuses an option without words", () => {
    expect(() => describeOptions(z.strictObject({ silent: z.number() }))).toThrow(/silent/);
  });
});

it("groups options in order of appearance", () => {
  const schema = z.strictObject({
    a: option(z.string(), { group: "second?", description: "." }),
    b: option(z.string(), { group: "other", description: "." }),
    c: option(z.string(), { group: "second?", description: "." }),
  });
  const groups = groupOptions(describeOptions(schema));
  expect([...groups].map(([name, options]) => [name, options.map(({ key }) => key)])).toEqual([
    ["second?", ["a", "c"]],
    ["other", ["b"]],
  ]);
});

it("lists words as a sentence does", () => {
  expect(listWords([])).toBe("");
  expect(listWords(["a"])).toBe("a");
  expect(listWords(["a", "b"])).toBe("a or b");
  expect(listWords(["a", "b", "c"], "and")).toBe("a, b and c");
});
