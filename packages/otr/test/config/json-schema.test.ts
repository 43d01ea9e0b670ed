import { expect, it } from "vitest";
import { jsonSchema } from "../../src/config/json-schema.js";
import { trainOptions } from "../../src/config/train-options.js";

const schema = jsonSchema(trainOptions, "otr train") as {
  properties: Record<string, Record<string, unknown>>;
  required: string[];
  additionalProperties: boolean;
};

it("spells options as files do and forbids others", () => {
  expect(Object.keys(schema.properties)).toHaveLength(Object.keys(trainOptions.shape).length);
  expect(schema.required).toEqual(["dataset", "output_dir"]);
  expect(schema.additionalProperties).toBe(false);
});

it("carries type, limits, default, words and unit", () => {
  expect(schema.properties.learning_rate).toMatchObject({
    type: "number",
    exclusiveMinimum: 0,
    default: 2e-5,
  });
  expect(schema.properties.loss_type).toMatchObject({
    enum: ["nll", "dft", "unlikelihood", "otr", "grpo"],
    default: "otr",
  });
  expect(schema.properties.max_length).toMatchObject({ unit: "tokens", group: "From rows to tokens" });
  expect(schema.properties.lr_scheduler_kwargs).toMatchObject({
    properties: { min_lr: {}, min_lr_rate: {} },
  });
  expect(schema.properties.device).not.toHaveProperty("placeholder");
});
