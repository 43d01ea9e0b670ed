/** Fields that transformers 5 takes only as numbers with a decimal point; elsewhere it takes 30 for 30.0. */
const FLOATS = [
  "attn_logit_softcapping",
  "final_logit_softcapping",
  "initializer_range",
  "rms_norm_eps",
  "router_aux_loss_coef",
  "router_jitter_noise",
];

const wholeFloat = new RegExp(String.raw`^( *"(?:${FLOATS.join("|")})": -?\d+)(?=,?$)`, "gm");

/** The text of a `config.json` that transformers opens: JavaScript writes 30.0 as 30. */
export const configText = (config: object): string =>
  `${JSON.stringify(config, null, 2).replace(wholeFloat, "$1.0")}\n`;
