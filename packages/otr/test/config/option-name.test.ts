import { expect, it } from "vitest";
import { generateOptions } from "../../src/config/generate-options.js";
import { optionKey, optionName } from "../../src/config/option-name.js";
import { trainOptions } from "../../src/config/train-options.js";

it("spells every option in both ways and back", () => {
  for (const key of [...Object.keys(trainOptions.shape), ...Object.keys(generateOptions.shape)]) {
    expect(optionKey(optionName(key))).toBe(key);
    expect(optionKey(optionName(key).replaceAll("_", "-"))).toBe(key);
    expect(optionKey(key)).toBe(key);
  }
});

it("writes the names of TRL and Transformers", () => {
  expect(optionName("perDeviceTrainBatchSize")).toBe("per_device_train_batch_size");
  expect(optionName("adamBeta1")).toBe("adam_beta1");
  expect(optionName("bf16")).toBe("bf16");
});
