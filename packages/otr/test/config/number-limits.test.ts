import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { describeOptions } from "../../src/config/describe-options.js";
import { evaluateOptions } from "../../src/config/evaluate-options.js";
import { generateOptions } from "../../src/config/generate-options.js";
import { objectLayer, resolveOptions } from "../../src/config/resolve.js";
import { trainOptions } from "../../src/config/train-options.js";
import { ConfigError } from "../../src/errors.js";

/** What resolving one option alone says about it, whatever else is missing. */
function messagesFor(schema: z.ZodObject, key: string, value: unknown): string[] {
  const options = describeOptions(schema);
  const set = {
    schema,
    readsFile: false,
    alternatives: [],
    paths: {},
    rules: () => [],
    complete: () => null,
  };
  try {
    resolveOptions(set, [objectLayer({ [key]: value }, options)], (name) => name);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.filter(({ where }) => where === key).map(({ message }) => message);
  }
  return [];
}

describe.each([
  ["otr train", trainOptions],
  ["otr generate", generateOptions],
  ["otr evaluate", evaluateOptions],
])("every number of %s", (_, schema) => {
  const numbers = describeOptions(schema).filter(({ kinds }) => kinds.has("number") || kinds.has("integer"));

  it.each(numbers.map(({ name, key }) => ({ name, key })))("$name has limits on both sides", ({ key }) => {
    for (const value of [1e300, -1e300]) {
      const messages = messagesFor(schema, key, value);
      expect(messages).toHaveLength(1);
      expect(messages[0]).toMatch(/^found -?1e\+300, but needs (one of|0|-1|a) /);
    }
  });
});

it("the fields of lr_scheduler_kwargs have limits too, said in our words", () => {
  for (const field of ["minLr", "minLrRate"]) {
    for (const value of [1e300, -1e300]) {
      const [message] = messagesFor(trainOptions, "lrSchedulerKwargs", { [field]: value });
      expect(message).toContain(`found ${field} ${value}, but needs a number of at least 0 and at most 1. `);
    }
  }
});
