/** @file The Jinja texts of a task: prompts, targets and choices. */
import {
  compileTemplate,
  type CompiledTemplate,
  RenderLimits,
  type TemplateKind,
} from "../data/template-interpreter.js";
import { DataError } from "../errors.js";
import { columnsOf, type Document } from "./document.js";

const TASK_TEMPLATE: TemplateKind = {
  code: "TASK_TEMPLATE",
  trims: false,
  isStrict: true,
  subject: "row",
  advice: {
    invalid: "so no prompt can be made; mend it in the task's YAML file",
    tooMuchWork: "use a simpler template",
    tooLarge: "use another template",
  },
};

const compiled = new Map<string, CompiledTemplate>();

/**
 * Renders a text of a task with the columns of a row, as lm-evaluation-harness sets Jinja.
 *
 * @throws {DataError} `TASK_TEMPLATE_INVALID`, `TASK_TEMPLATE_FAILED` (a column that the row does not have, among others),
 *   `TASK_TEMPLATE_LIMIT`
 */
export function renderTaskTemplate(source: string, document: Document): string {
  let template = compiled.get(source);
  if (template === undefined) {
    const shown = source.length > 60 ? `${source.slice(0, 60)}...` : source;
    template = compileTemplate(source, `the template ${JSON.stringify(shown)}`, TASK_TEMPLATE);
    compiled.set(source, template);
  }
  try {
    return template.run(document, new RenderLimits());
  } catch (error) {
    if (!(error instanceof DataError) || error.code !== "TASK_TEMPLATE_FAILED") throw error;
    throw new DataError(error.code, error.message + columnsOf(document), { cause: error });
  }
}
