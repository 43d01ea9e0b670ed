/** @file The model card of a fine-tuned model: what `run.json` tells, and nothing else. */
import { basename } from "node:path";
import { stringify } from "yaml";
import { counted, formatDefault, formatNumber } from "../config/format-value.js";
import type { RunRecord } from "./run-record.js";

const MARK =
  "<!-- Made from run.json by one-token-rollout, and made anew by it. Remove this line to keep your changes. -->";

/** Whether a card was made by {@link modelCard}, so that it may be replaced. */
export const isMadeCard = (text: string): boolean => text.includes(MARK);

/** Cards lie there, wherever a mirror took the files from. */
const HUB = "https://huggingface.co";

const OBJECTIVES: Readonly<Record<string, string>> = {
  otr: "One-Token Rollout ([arXiv 2509.26313](https://arxiv.org/abs/2509.26313))",
  dft: "dynamic fine-tuning (DFT)",
  unlikelihood: "unlikelihood training ([arXiv 1908.04319](https://arxiv.org/abs/1908.04319))",
  grpo: "Group Relative Policy Optimization ([arXiv 2402.03300](https://arxiv.org/abs/2402.03300))",
  nll: "supervised fine-tuning (negative log-likelihood)",
};

const OBJECTIVE_SETTINGS: Readonly<Record<string, readonly string[]>> = {
  otr: [
    "otr_estimator",
    "otr_num_samples",
    "otr_temperature",
    "otr_beta",
    "otr_baseline",
    "otr_importance_correction",
    "nll_coef",
    "loss_aggregation",
  ],
  dft: ["nll_coef", "loss_aggregation"],
  unlikelihood: ["unlikelihood_coef", "loss_aggregation"],
  grpo: [
    "reward_funcs",
    "reward_weights",
    "num_generations",
    "max_completion_length",
    "temperature",
    "top_p",
    "top_k",
    "scale_rewards",
    "beta",
    "epsilon",
    "epsilon_high",
    "num_iterations",
    "grpo_aggregation",
    "mask_truncated_completions",
  ],
  nll: ["label_smoothing_factor", "entropy_coef", "loss_aggregation"],
};

const HYPERPARAMETERS = [
  "learning_rate",
  "lr_scheduler_type",
  "warmup_steps",
  "optim",
  "weight_decay",
  "max_grad_norm",
  "per_device_train_batch_size",
  "gradient_accumulation_steps",
  "num_train_epochs",
  "max_steps",
  "max_length",
  "packing",
  "load_in_4bit",
  "load_in_8bit",
  "seed",
];

/** Of a new adapter; one that training went on from has its own, in `adapter_config.json`. */
const ADAPTER_SETTINGS = [
  "lora_r",
  "lora_alpha",
  "lora_dropout",
  "lora_target_modules",
  "lora_modules_to_save",
  "use_rslora",
  "use_dora",
];

const RESULTS: Readonly<Record<string, string>> = {
  loss: "training loss (the objective), last logged line",
  nll: "training negative log-likelihood, nats a token, last logged line",
  eval_loss: "evaluation negative log-likelihood, nats a token",
  eval_mean_token_accuracy: "evaluation token accuracy",
};

/**
 * The text of `README.md` for the repository `id`.
 *
 * @param record null where no run is known: the card then tells how the model is loaded, and no more
 */
export function modelCard(id: string, record: RunRecord | null, isAdapter: boolean): string {
  const sections = [
    `---\n${stringify(frontMatter(record, isAdapter))}---`,
    MARK,
    `# ${id.split("/").at(-1)}`,
    ...(record === null
      ? []
      : [origin(record), objective(record), data(record), training(record), results(record)]),
    usage(id, record, isAdapter),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function frontMatter(record: RunRecord | null, isAdapter: boolean): Record<string, unknown> {
  const { repository, license, license_name, license_link } = record?.base_model ?? {};
  const datasets = record?.data.train?.origins.map((origin) => origin.repository) ?? [];
  const lossType = record?.config.loss_type;
  return {
    ...(repository !== undefined && { base_model: repository }),
    ...(datasets.length > 0 && { datasets }),
    library_name: isAdapter ? "peft" : "transformers",
    ...(license !== undefined && { license }),
    ...(license_name !== undefined && { license_name }),
    ...(license_link !== undefined && { license_link }),
    pipeline_tag: "text-generation",
    tags: ["one-token-rollout", ...(typeof lossType === "string" ? [lossType] : [])],
  };
}

function origin({ base_model: base, config }: RunRecord): string {
  const lossType = String(config.loss_type);
  const how = OBJECTIVES[lossType] ?? code(lossType);
  if (base.repository === undefined) return `A local model, fine-tuned with ${how}.`;
  const commit = base.commit === undefined ? "" : ` at commit ${code(base.commit)}`;
  return `[${base.repository}](${HUB}/${base.repository})${commit}, fine-tuned with ${how}.`;
}

function objective({ config }: RunRecord): string {
  const settings = OBJECTIVE_SETTINGS[String(config.loss_type)] ?? [];
  return settingsTable("Objective", config, ["loss_type", ...settings]);
}

function data({ config, data: { train, eval: evaluation } }: RunRecord): string {
  const lines = [
    describeData("Training", config.dataset, train),
    ...(evaluation === undefined ? [] : [describeData("Evaluation", config.eval_dataset, evaluation)]),
  ];
  return `## Data\n\n${lines.join("\n")}`;
}

function describeData(purpose: string, written: unknown, facts: RunRecord["data"]["train"]): string {
  const { origins = [], rows, tokens, supervisedTokens } = facts ?? {};
  const links = origins.map(
    ({ repository, commit }) => `[${repository}](${HUB}/datasets/${repository}) at commit ${code(commit)}`,
  );
  const ids = origins.map(({ repository }) => repository);
  const files = sourcePaths(written).filter((path) => !ids.includes(path));
  const counts = [
    ...(rows === undefined ? [] : [counted(rows, "row")]),
    ...(tokens === undefined ? [] : [counted(tokens, "token")]),
    ...(supervisedTokens === undefined ? [] : [`${supervisedTokens} of them learned`]),
  ];
  // Of a file its name alone: where it lies is nobody's business.
  return `- ${purpose}: ${[...links, ...files.map((path) => code(basename(path))), ...counts].join(", ")}`;
}

/** The paths in the value of `dataset`: a text, an object with `path`, or a list of these. */
function sourcePaths(written: unknown): string[] {
  if (Array.isArray(written)) return written.flatMap(sourcePaths);
  if (typeof written === "object" && written !== null && "path" in written) return sourcePaths(written.path);
  return typeof written === "string" ? [written] : [];
}

function training({ config, hardware, versions }: RunRecord): string {
  const { device, compute_dtype: dtype } = hardware;
  const unused = config.max_steps === -1 ? "max_steps" : "num_train_epochs";
  const isNewAdapter = config.use_peft === true && config.adapter_name_or_path === null;
  const used = isNewAdapter ? [...HYPERPARAMETERS, ...ADAPTER_SETTINGS] : HYPERPARAMETERS;
  const table = settingsTable(
    "Training",
    config,
    used.filter((key) => key !== unused),
  );
  const machine =
    device === undefined || dtype === undefined ? "" : `\n\nComputed in ${dtype} on ${device.split(":")[0]}.`;
  const programs = Object.entries(versions).map(
    ([name, version]) => `${name.replaceAll("_", "-")} ${version}`,
  );
  return `${table}${machine}${programs.length > 0 ? ` Versions: ${programs.join(", ")}.` : ""}`;
}

function results({ results: found, status }: RunRecord): string {
  const rows = Object.entries(RESULTS).flatMap(([key, name]) => {
    const value = found[key];
    return typeof value === "number" ? [`| ${name} | ${formatNumber(Number(value.toPrecision(4)))} |`] : [];
  });
  if (rows.length === 0) return "";
  const steps = typeof found.step === "number" ? ` after ${counted(found.step, "step")}` : "";
  const ended = status === undefined || status === "completed" ? "" : ` (run ${status})`;
  return `## Results${steps}${ended}\n\n| | |\n|---|---|\n${rows.join("\n")}`;
}

function usage(id: string, record: RunRecord | null, isAdapter: boolean): string {
  const base = record?.base_model.repository;
  const python = isAdapter
    ? [
        "from peft import AutoPeftModelForCausalLM",
        "from transformers import AutoTokenizer",
        "",
        `model = AutoPeftModelForCausalLM.from_pretrained("${id}")`,
        `tokenizer = AutoTokenizer.from_pretrained("${id}")`,
      ]
    : [
        "from transformers import AutoModelForCausalLM, AutoTokenizer",
        "",
        `model = AutoModelForCausalLM.from_pretrained("${id}")`,
        `tokenizer = AutoTokenizer.from_pretrained("${id}")`,
      ];
  const terms =
    base === undefined ? "" : `\n\nSee [${base}](${HUB}/${base}) for the terms of the base model.`;
  const shell = isAdapter
    ? ""
    : `\n\n\`\`\`sh\nnpx one-token-rollout generate --model ${id} --prompt "..."\n\`\`\``;
  return `## Use\n\n\`\`\`python\n${python.join("\n")}\n\`\`\`${shell}${terms}`;
}

function settingsTable(title: string, config: RunRecord["config"], keys: readonly string[]): string {
  const rows = keys
    .filter((key) => config[key] !== undefined && config[key] !== null)
    .map((key) => `| \`${key}\` | ${code(formatDefault(config[key]))} |`);
  return `## ${title}\n\n| | |\n|---|---|\n${rows.join("\n")}`;
}

/** As code, on one line: a name cannot end it, or begin a heading. */
const code = (text: string): string => `\`${text.replace(/[`\n\r|]/g, " ")}\``;
