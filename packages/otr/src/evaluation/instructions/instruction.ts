/** @file What an instruction of IFEval is, and how its arguments are read. */
import { pythonText } from "../../data/python-text.js";
import { RowError } from "../document.js";

/** Whether an answer follows an instruction. Answers of white space alone follow none, and are not asked about. */
export type FollowsInstruction = (answer: string) => boolean;

/** Makes the check of an instruction from the arguments that a row gives it. */
export type InstructionKind = (settings: InstructionArguments) => FollowsInstruction;

const RELATIONS = ["less than", "at least"];

/** The arguments of one instruction of a row (an item of its column `kwargs`); null is no argument. */
export class InstructionArguments {
  /** @param id of the instruction, for errors */
  constructor(
    readonly id: string,
    readonly values: Readonly<Record<string, unknown>>,
  ) {}

  /** A text. @throws {RowError} for another value, or none */
  text(name: string): string {
    const value = this.values[name];
    return typeof value === "string" && value !== "" ? value : this.#refuse(name, "a text");
  }

  /** A whole number, 0 or more. @throws {RowError} for another value, or none */
  count(name: string): number {
    const value = this.values[name];
    return typeof value === "number" && Number.isInteger(value) && value >= 0
      ? value
      : this.#refuse(name, "a whole number");
  }

  /** A list of texts. @throws {RowError} for another value, none, or an empty list */
  texts(name: string): readonly string[] {
    const value = this.values[name];
    const isList = Array.isArray(value) && value.length > 0;
    return isList && value.every((item) => typeof item === "string")
      ? value
      : this.#refuse(name, "a list of texts");
  }

  /**
   * How a count is compared with the number of another argument.
   * @param name of the argument that says `less than` or `at least`
   * @throws {RowError} for another value, or none
   */
  comparison(name: string, threshold: string): (count: number) => boolean {
    const relation = this.values[name];
    if (typeof relation !== "string" || !RELATIONS.includes(relation))
      return this.#refuse(name, '"less than" or "at least"');
    const limit = this.count(threshold);
    return (count) => (relation === "less than" ? count < limit : count >= limit);
  }

  #refuse(name: string, wanted: string): never {
    const found = JSON.stringify(this.values[name] ?? null).slice(0, 60);
    throw new RowError(`needs ${wanted} as ${name} in the kwargs of ${this.id}, and has ${found}`);
  }
}

/** Python's `str.strip()`. */
export const strip = (text: string): string => pythonText("strip", text, undefined) ?? text;
/** Python's `str.strip(characters)`. */
export const stripCharacters = (text: string, characters: string): string =>
  pythonText("strip", text, characters) ?? text;
