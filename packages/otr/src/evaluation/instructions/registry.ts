/** @file The 25 kinds of instructions of IFEval (Zhou et al., arXiv 2311.07911), by the ids that rows name them with. */
import { closest } from "../../config/closest.js";
import { RowError } from "../document.js";
import * as changeCase from "./change-case.js";
import * as combination from "./combination.js";
import * as content from "./detectable-content.js";
import * as format from "./detectable-format.js";
import { type FollowsInstruction, InstructionArguments, type InstructionKind } from "./instruction.js";
import * as keywords from "./keywords.js";
import { responseLanguage } from "./language.js";
import * as length from "./length-constraints.js";
import { noComma } from "./punctuation.js";
import * as startEnd from "./start-end.js";

const KINDS: ReadonlyMap<string, InstructionKind> = new Map([
  ["change_case:capital_word_frequency", changeCase.capitalWordFrequency],
  ["change_case:english_capital", changeCase.englishCapital],
  ["change_case:english_lowercase", changeCase.englishLowercase],
  ["combination:repeat_prompt", combination.repeatPrompt],
  ["combination:two_responses", combination.twoResponses],
  ["detectable_content:number_placeholders", content.numberPlaceholders],
  ["detectable_content:postscript", content.postscript],
  ["detectable_format:constrained_response", format.constrainedResponse],
  ["detectable_format:json_format", format.jsonFormat],
  ["detectable_format:multiple_sections", format.multipleSections],
  ["detectable_format:number_bullet_lists", format.numberBulletLists],
  ["detectable_format:number_highlighted_sections", format.numberHighlightedSections],
  ["detectable_format:title", format.title],
  ["keywords:existence", keywords.existence],
  ["keywords:forbidden_words", keywords.forbiddenWords],
  ["keywords:frequency", keywords.frequency],
  ["keywords:letter_frequency", keywords.letterFrequency],
  ["language:response_language", responseLanguage],
  ["length_constraints:nth_paragraph_first_word", length.nthParagraphFirstWord],
  ["length_constraints:number_paragraphs", length.numberParagraphs],
  ["length_constraints:number_sentences", length.numberSentences],
  ["length_constraints:number_words", length.numberWords],
  ["punctuation:no_comma", noComma],
  ["startend:end_checker", startEnd.endChecker],
  ["startend:quotation", startEnd.quotation],
]);

/**
 * The check of an instruction.
 *
 * @param values its arguments: the item of a row's column `kwargs`
 * @throws {RowError} for an id that is not known, and arguments that are missing or wrong
 * @throws {DataError} `TASK_REGEX` for a word that is no regular expression
 */
export function instruction(id: string, values: Readonly<Record<string, unknown>>): FollowsInstruction {
  const kind = KINDS.get(id);
  if (kind !== undefined) return kind(new InstructionArguments(id, values));
  const meant = closest(id, KINDS.keys());
  const hint = meant === null ? `known are ${[...KINDS.keys()].join(", ")}` : `did you mean ${meant}?`;
  throw new RowError(`names the instruction ${id}, which there is not; ${hint}`);
}
