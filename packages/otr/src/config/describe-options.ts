/** @file One description per option, from which help, reference, checks and the reading of text follow. */
import { z } from "zod";
import { optionName } from "./option-name.js";
import { optionTexts } from "./option-text.js";

/** Kinds of values that an option takes; `choice` is one of a few fixed words. */
export type ValueKind = "text" | "choice" | "number" | "integer" | "boolean" | "null" | "list" | "object";

/** Everything known about one option. */
export interface OptionDescription {
  /** Name in TypeScript: `learningRate`. */
  readonly key: string;
  /** Name in files and, after `--`, on the command line: `learning_rate`. */
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly unit: string | null;
  readonly required: boolean;
  /** The default value; undefined for a required option. */
  readonly default: unknown;
  readonly kinds: ReadonlySet<ValueKind>;
  /** The fixed words of a `choice`, or of a list of such. */
  readonly choices: readonly string[];
  /** Whether it is a list of numbers. */
  readonly listsNumbers: boolean;
  /** The fields of an `object`, also one in a list, by their TypeScript names, with what each must be. */
  readonly fields: ReadonlyMap<string, string>;
  /** Whether commas stand between items of a list, because no item can hold one. */
  readonly hasCommas: boolean;
  /** Stands for the value in the help text: "NUMBER", "nll|dft|otr". */
  readonly placeholder: string;
  /** What a value must be, for error messages: "a number above 0". */
  readonly expected: string;
}

/** The part of JSON Schema that options use. */
interface Property {
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Property[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly items?: Property;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: unknown;
  readonly group?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly expected?: string;
  readonly commas?: true;
}

/** Describes every option of a schema, in the schema's order. Throws when an option has no words. */
export function describeOptions(schema: z.ZodObject): OptionDescription[] {
  const document = z.toJSONSchema(schema, { io: "input", metadata: optionTexts });
  const required = new Set(document.required);
  return Object.entries(document.properties ?? {}).map(([key, value]) => {
    const property = value as Property;
    if (property.description === undefined || property.group === undefined) {
      throw new Error(`option ${key} has no description`);
    }
    const alternatives = separateKinds(property);
    const choices = alternatives.flatMap(
      ({ enum: words, const: word, items }) => words ?? items?.enum ?? (word ? [word] : []),
    );
    return {
      key,
      name: optionName(key),
      group: property.group,
      description: property.description,
      unit: property.unit ?? null,
      required: required.has(key),
      default: property.default,
      kinds: new Set(alternatives.map(valueKind)),
      choices,
      listsNumbers: alternatives.some(({ items }) => items?.type === "number" || items?.type === "integer"),
      fields: new Map(Object.entries(fieldsOf(property)).map(([name, field]) => [name, needed(field)])),
      hasCommas: choices.length > 0 || property.commas === true,
      placeholder: property.placeholder ?? placeholder(alternatives),
      expected: property.expected ?? needed(property),
    };
  });
}

/** The fields of an object, of those among alternatives, and of those in a list. */
function fieldsOf({ properties, anyOf = [], items }: Property): Readonly<Record<string, Property>> {
  const inner = items === undefined ? anyOf : [...anyOf, items];
  return Object.assign({}, properties, ...inner.map(fieldsOf));
}

/** What a value of a schema must be, in words: "a whole number of at least 1 or null". */
export function expectedOf(schema: z.ZodType): string {
  return needed(z.toJSONSchema(schema, { io: "input" }) as Property);
}

function needed(property: Property): string {
  return listWords(separateKinds(property).flatMap(expectation));
}

/** Options by the heading they stand under, in order of first appearance. */
export function groupOptions(options: readonly OptionDescription[]): Map<string, OptionDescription[]> {
  const groups = new Map<string, OptionDescription[]>();
  for (const option of options) groups.set(option.group, [...(groups.get(option.group) ?? []), option]);
  return groups;
}

/** Joins words as a sentence does: "a, b or c". */
export function listWords(words: readonly string[], conjunction = "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/** The alternatives of `anyOf`, or of a list of types, one by one. */
function separateKinds(property: Property): readonly Property[] {
  if (property.anyOf) return property.anyOf.flatMap(separateKinds);
  const types = [property.type ?? ""].flat();
  return types.map((type) => ({ ...property, type }));
}

function valueKind(property: Property): ValueKind {
  if (property.enum || property.const) return "choice";
  const kinds: Record<string, ValueKind> = {
    string: "text",
    number: "number",
    integer: "integer",
    boolean: "boolean",
    null: "null",
    array: "list",
    object: "object",
  };
  const kind = kinds[String(property.type)];
  if (kind === undefined) throw new Error(`options cannot be of type ${JSON.stringify(property)}`);
  return kind;
}

function placeholder(alternatives: readonly Property[]): string {
  const words = alternatives.flatMap((property) => {
    const kind = valueKind(property);
    if (kind === "choice") return property.enum ?? [property.const ?? ""];
    if (kind === "boolean") return ["true", "false"];
    if (kind === "null") return [];
    return [{ text: "TEXT", list: "TEXT", object: "JSON", number: "NUMBER", integer: "INTEGER" }[kind]];
  });
  return words.join("|");
}

function expectation(property: Property): readonly string[] {
  switch (valueKind(property)) {
    case "choice":
      return property.enum ?? [property.const ?? ""];
    case "boolean":
      return ["true", "false"];
    case "null":
      return ["null"];
    case "list":
      return [property.items?.type === "integer" ? "a list of whole numbers" : "a list of texts"];
    case "object":
      return ["an object"];
    case "text":
      return [property.minLength === undefined ? "a text" : "a text that is not empty"];
    case "number":
      return [`a number${limits(property)}`];
    case "integer":
      return [`a whole number${limits(property)}`];
  }
}

function limits({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Property): string {
  const parts: string[] = [];
  // Whole numbers carry the limits of exact integers, which say nothing to a person.
  if (minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER) parts.push(`of at least ${minimum}`);
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`);
  if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) parts.push(`at most ${maximum}`);
  if (exclusiveMaximum !== undefined) parts.push(`below ${exclusiveMaximum}`);
  return parts.length === 0 ? "" : ` ${listWords(parts, "and")}`;
}
