/** @file Rows of {text}, all of which is learned. */
import { kindOf } from "./column-values.js";
import type { RowForm } from "./row-form.js";

export const text: RowForm = {
  title: "{text}",
  columns: ["text"],
  recognises: (has) => has("text"),
  parse({ text: value }) {
    if (typeof value !== "string") return `"text" is ${kindOf(value)}; it must be text`;
    if (value === "") return '"text" is empty, so there is nothing to learn; remove the row or fill it';
    return [{ form: "text", text: value }];
  },
};
