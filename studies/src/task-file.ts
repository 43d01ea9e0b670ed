/** How a task asks and what it compares. */
export interface TaskOptions {
  readonly name: string;
  /** The file of the items, as seen from the task's own. */
  readonly items: string;
  /** New tokens that an answer may have. */
  readonly tokens: number;
  /** At temperature 1 instead of greedily. */
  readonly sampled?: boolean;
  /** The whole line must match, not the final answer alone. */
  readonly wholeLine?: boolean;
}

const FINAL_ANSWER = `filter_list:
  - name: final-answer
    filter:
      - function: regex
        regex_pattern: '(?:^\\([a-z]*\\))?([^;|]*)$'
      - function: take_first
`;

/** The text of a task's YAML file. */
export function taskFile({ name, items, tokens, sampled = false, wholeLine = false }: TaskOptions): string {
  const compared = wholeLine
    ? "the whole line counts"
    : "the answer stands after the last ; of a worked form, and behind a note in parentheses";
  return `# One token a character; ${compared}.
task: ${name}
dataset_path: json
dataset_kwargs:
  data_files:
    test: ${items}
test_split: test
output_type: generate_until
doc_to_text: "\\n{{prompt}}"
doc_to_target: "{{answer}}"
target_delimiter: ""
generation_kwargs:
  until: ["\\n"]
  do_sample: ${sampled}
${sampled ? "  temperature: 1.0\n" : ""}  max_gen_toks: ${tokens}
${wholeLine ? "" : FINAL_ANSWER}metric_list:
  - metric: exact_match
    aggregation: mean
    higher_is_better: true
metadata:
  version: 1.0
`;
}
