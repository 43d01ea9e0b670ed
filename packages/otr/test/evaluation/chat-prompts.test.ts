import { describe, expect, it } from "vitest";
import { ChatTemplate } from "../../src/data/chat-template.js";
import { buildRequests } from "../../src/evaluation/build-requests.js";
import { findTasks } from "../../src/evaluation/task-files.js";
import { openTask } from "../../src/evaluation/task.js";
import { harnessData, harnessReference, hasShared } from "./harness-reference.js";

const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
const chatTemplate = new ChatTemplate(CHATML, {
  namedTokens: new Map(),
  controlTokens: ["<|im_start|>", "<|im_end|>"],
});

const FILES = [
  ["chat_multiturn.json", true],
  ["chat_singleturn.json", false],
] as const;
const TASKS = [
  "gsm8k",
  "gsm8k_cot",
  "minerva_math500",
  "humaneval_instruct",
  "mbpp_instruct",
  "mmlu_pro_math",
];

describe.skipIf(!hasShared).each(FILES)("%s", (file, fewShotAsMultiturn) => {
  it.each(TASKS)("the prompts of %s", async (name) => {
    const { tasks } = findTasks([name]);
    const task = await openTask(tasks[0]!, { taskData: harnessData(), openHubDataset: null });
    const requests = buildRequests(task, [0, 1], {
      chatTemplate,
      fewShotAsMultiturn,
      systemInstruction: "You are a careful solver.",
      fewShotSeed: 1234,
    });
    const samples = harnessReference(file).samples[name]!.slice(0, 2);
    expect(requests.map(({ prompts }) => prompts[0]!.text)).toEqual(
      samples.map((sample) => sample.arguments.gen_args_0!.arg_0),
    );
  });
});
