import { franc } from "franc";

/**
 * Codes of ISO 639-3 that franc gives, and those of langdetect 1.0.9, which the harness asks: the languages of langdetect but
 * for Welsh, which franc does not know, and Macedonian, which it takes Bulgarian for. Without a list it would also take
 * English for Scots. Chinese is `zh-cn` there.
 */
const CODES: ReadonlyMap<string, string> = new Map([
  ["afr", "af"],
  ["als", "sq"],
  ["arb", "ar"],
  ["ben", "bn"],
  ["bul", "bg"],
  ["cat", "ca"],
  ["ces", "cs"],
  ["cmn", "zh-cn"],
  ["dan", "da"],
  ["deu", "de"],
  ["ekk", "et"],
  ["ell", "el"],
  ["eng", "en"],
  ["fin", "fi"],
  ["fra", "fr"],
  ["guj", "gu"],
  ["heb", "he"],
  ["hin", "hi"],
  ["hrv", "hr"],
  ["hun", "hu"],
  ["ind", "id"],
  ["ita", "it"],
  ["jpn", "ja"],
  ["kan", "kn"],
  ["kor", "ko"],
  ["lit", "lt"],
  ["lvs", "lv"],
  ["mal", "ml"],
  ["mar", "mr"],
  ["nld", "nl"],
  ["nno", "no"],
  ["nob", "no"],
  ["npi", "ne"],
  ["pan", "pa"],
  ["pes", "fa"],
  ["pol", "pl"],
  ["por", "pt"],
  ["ron", "ro"],
  ["rus", "ru"],
  ["slk", "sk"],
  ["slv", "sl"],
  ["som", "so"],
  ["spa", "es"],
  ["swe", "sv"],
  ["swh", "sw"],
  ["tam", "ta"],
  ["tel", "te"],
  ["tgl", "tl"],
  ["tha", "th"],
  ["tur", "tr"],
  ["ukr", "uk"],
  ["urd", "ur"],
  ["vie", "vi"],
]);

const SETTINGS = { only: [...CODES.keys()], minLength: 1 };

/**
 * The language of a text, by its letters and their neighbours.
 * @returns a code of ISO 639-1; null where the text has no letters, or those of none of the languages
 */
export function detectLanguage(text: string): string | null {
  return CODES.get(franc(text.replace(/https?:\/\/\S+/g, " "), SETTINGS)) ?? null;
}
