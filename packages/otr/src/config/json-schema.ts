/** @file JSON Schema of a configuration file, for editors and other programs. */
import { z } from "zod";
import { optionName } from "./option-name.js";
import { optionTexts } from "./option-text.js";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * JSON Schema (draft 2020-12) of a configuration file whose options are spelled in snake_case. Beside the
 * standard keywords each property has its `group` and, where it has one, its `unit`.
 */
export function jsonSchema(schema: z.ZodObject, title: string): JsonObject {
  const { $schema, properties, required, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    metadata: optionTexts,
  });
  const named = Object.entries(properties ?? {}).map(([key, property]) => [
    optionName(key),
    fileProperty(property as JsonObject),
  ]);
  return {
    $schema,
    title,
    ...rest,
    properties: Object.fromEntries(named),
    required: required?.map(optionName),
  };
}

/** Leaves out what only help and messages use, and spells nested fields as files do. */
function fileProperty({ placeholder, expected, commas, properties, ...rest }: JsonObject): JsonObject {
  if (typeof properties !== "object" || properties === null) return rest;
  const named = Object.entries(properties).map(([key, property]) => [optionName(key), property]);
  return { ...rest, properties: Object.fromEntries(named) };
}
