import { expect, it } from "vitest";
import { mapStrings } from "../../src/data/map-strings.js";

const upper = (text: string) => text.toUpperCase();

it("changes all strings, keys too, in order", () => {
  const value = { b: ["x", 1, { y: null }], a: "z" };
  expect(JSON.stringify(mapStrings(value, upper))).toBe('{"B":["X",1,{"Y":null}],"A":"Z"}');
});

it("returns the value itself where nothing changes", () => {
  const value = { A: ["B", { C: "D" }], E: true };
  expect(mapStrings(value, upper)).toBe(value);
});

it("takes __proto__ for a key like others", () => {
  const value = JSON.parse('{"__proto__": {"polluted": "x"}}');
  const mapped = mapStrings(value, (text) => `${text}!`);
  expect(Object.keys(mapped)).toEqual(["__proto__!"]);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});

it("copies what changes and keeps the rest", () => {
  const kept = { K: ["V"] };
  const value = { kept, changed: "v" };
  const mapped: Record<string, unknown> = mapStrings(value, (text) => (text === "v" ? "w" : text));
  expect(mapped).toEqual({ kept, changed: "w" });
  expect(mapped.kept).toBe(kept);
});

it("refuses what is nested too deeply", () => {
  const deep = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);
  expect(() => mapStrings(deep, upper)).toThrowError(
    expect.objectContaining({ code: "CHAT_TEMPLATE_INPUT" }),
  );
});
