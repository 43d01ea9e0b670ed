import { expect, it } from "vitest";
import { configText } from "../../src/models/config-text.js";

it("writes a decimal point where transformers asks for one, and changes nothing else", () => {
  const config = {
    final_logit_softcapping: 30,
    attn_logit_softcapping: null,
    rms_norm_eps: 1e-6,
    initializer_range: 0.02,
    hidden_size: 32,
    note: '"rms_norm_eps": 1\n  "rms_norm_eps": 1',
    text_config: { router_aux_loss_coef: 0 },
  };
  const text = configText(config);
  expect(JSON.parse(text)).toEqual(config);
  expect(text).toContain('"final_logit_softcapping": 30.0,');
  expect(text).toContain('"router_aux_loss_coef": 0.0\n');
  expect(text.replaceAll("30.0,", "30,").replace("0.0\n", "0\n")).toBe(
    `${JSON.stringify(config, null, 2)}\n`,
  );
});
