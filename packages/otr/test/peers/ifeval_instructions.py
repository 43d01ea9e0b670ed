"""Asks lm-evaluation-harness which instructions of IFEval random answers follow.

usage: python ifeval_instructions.py     (lm-eval 0.4.13, nltk 3.10.4, langdetect 1.0.9; writes test/references/ifeval.json)

Punkt's own model is a download; here its algorithm runs with the word lists of src/evaluation/instructions/english-words.ts, so
that the rules are compared, and not the lists. The file is {cases, sentences, languages}: `cases` are [id, kwargs, answer, follows],
`sentences` are [text, its sentences], `languages` are [code, text] on which 8 seeds of langdetect agree.
"""
import importlib.util
import json
import random
import re
import sys
import types
from pathlib import Path

import langdetect
import nltk
from nltk.tokenize.punkt import _ORTHO_MID_LC, PunktSentenceTokenizer

PACKAGE = Path(__file__).resolve().parents[2]
SOURCE = (PACKAGE / "src/evaluation/instructions/english-words.ts").read_text()
LISTS = {name: body.split() for name, body in re.findall(r"(\w+) = words\(`([^`]*)`\)", SOURCE)}

punkt = PunktSentenceTokenizer()
punkt._params.abbrev_types.update(LISTS["ABBREVIATIONS"])
for word in LISTS["SMALL_WORDS"]:
    punkt._params.ortho_context[word] |= _ORTHO_MID_LC
nltk.data.find = lambda *_: None
nltk.data.load = lambda *_: punkt
nltk.tokenize.sent_tokenize = lambda text, *_: punkt.tokenize(text)

# The package itself would import PyTorch and more.
folder = Path(importlib.util.find_spec("lm_eval").origin).parent
for name, path in [("lm_eval", folder), ("lm_eval.tasks", folder / "tasks")]:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(path)]

from lm_eval.tasks.ifeval.instructions_registry import INSTRUCTION_DICT  # noqa: E402

PIECES = [
    "the plan", "The plan", "It", "it", "We", "NASA", "USA", "JOHN'S", "I'LL", "DON'T", "CANNOT", "O'BRIEN", "A,B", "A:B", "3:15", "1,000",
    "Dr.", "Mr.", "p.m.", "U.S.", "e.g.", "etc.", "J.", "3.", "12.5", "...", ". . .", "?", "!", "?!", "!!!", ".", ".)", '."', '?"', ".”",
    "(see", "one)", "[name]", "[", "]", "[a", "*", "**", "***", "******", "*bold*", "**bold**", "****", "* item", "- item", "-", "--", "—",
    "\n", "\n", "\n\n", "\n\n", "  ", "\t", "<<Title>>", "<<", ">>", "<>", "Section 1", "Section 2", "SECTION 3", "P.S.", "P.P.S", "p. s.",
    "```json", "```", '{"a": 1}', "NaN", "-Infinity", '"NaN"', "[1, 2]", '"', "'", "''", "`", "“", "”", "’", "yes", "My answer is yes.",
    "hello", "Hello", "hello,", "hello;", "helloworld", "a", "b", "zebra", "été", "ÉTÉ", "naïve", "日本語", "good-bye", "co-op.", "GONNA", "'TIS",
    "word.", "word.Word", "example.com", "No.", "me.", "Smith", "smith", "End here.", "end here", "(One.)", "«Oui.»", "$5", "50%", "AT&T", "#1",
]


def answer(rng):
    parts = [rng.choice(PIECES) for _ in range(rng.randint(1, 24))]
    return "".join(part + rng.choice(["", " ", " ", " "]) for part in parts)


def relation(rng):
    return rng.choice(["less than", "at least"])


SETTINGS = {
    "keywords:existence": lambda rng: {"keywords": rng.sample(["hello", "plan", "smith", "é"], 2)},
    "keywords:frequency": lambda rng: {"keyword": rng.choice(["hello", " it ", "a"]), "frequency": rng.randint(1, 3), "relation": relation(rng)},
    "keywords:forbidden_words": lambda rng: {"forbidden_words": rng.sample(["hello", "it", "item", "japan"], 2)},
    "keywords:letter_frequency": lambda rng: {"letter": rng.choice("aeSz"), "let_frequency": rng.randint(1, 8), "let_relation": relation(rng)},
    "length_constraints:number_sentences": lambda rng: {"num_sentences": rng.randint(1, 6), "relation": relation(rng)},
    "length_constraints:number_paragraphs": lambda rng: {"num_paragraphs": rng.randint(1, 3)},
    "length_constraints:number_words": lambda rng: {"num_words": rng.randint(1, 30), "relation": relation(rng)},
    "length_constraints:nth_paragraph_first_word": lambda rng: {
        "num_paragraphs": 2, "nth_paragraph": rng.randint(1, 2), "first_word": rng.choice(["hello", "It", "the"])},
    "detectable_content:number_placeholders": lambda rng: {"num_placeholders": rng.randint(1, 3)},
    "detectable_content:postscript": lambda rng: {"postscript_marker": rng.choice(["P.S.", "P.P.S", "Hello"])},
    "detectable_format:number_bullet_lists": lambda rng: {"num_bullets": rng.randint(1, 3)},
    "detectable_format:constrained_response": lambda rng: {},
    "detectable_format:number_highlighted_sections": lambda rng: {"num_highlights": rng.randint(1, 3)},
    "detectable_format:multiple_sections": lambda rng: {"section_spliter": rng.choice(["Section", "SECTION"]), "num_sections": rng.randint(1, 2)},
    "detectable_format:json_format": lambda rng: {},
    "detectable_format:title": lambda rng: {},
    "combination:two_responses": lambda rng: {},
    "combination:repeat_prompt": lambda rng: {"prompt_to_repeat": rng.choice([" Hello", "it"])},
    "startend:end_checker": lambda rng: {"end_phrase": rng.choice(["end here.", "yes", "Smith "])},
    "startend:quotation": lambda rng: {},
    "punctuation:no_comma": lambda rng: {},
    "change_case:capital_word_frequency": lambda rng: {"capital_frequency": rng.randint(1, 4), "capital_relation": relation(rng)},
}
JSON_ANSWERS = ["NaN", "[1, NaN]", "[NaN, -Infinity, Infinity]", "1NaN", "-NaN", '{"a": "NaN\\""}', "```json\n{}\n```", "```\n[1]```", "``` ", "{'a': 1}",
                "```JSON {} ```x", "01", "1e5", '"a\tb"', "\u00a0[1]\u00a0", "[1,]", "Infinity.5", "nan", "true", "```Json```null```"]


def follows(identifier, kwargs, text):
    checker = INSTRUCTION_DICT[identifier](identifier)
    checker.build_description(**kwargs)
    return bool(text.strip()) and bool(checker.check_following(text))


def cases(rng):
    for identifier, settings in SETTINGS.items():
        found = {True: [], False: []}
        for _ in range(3000):
            kwargs, text = settings(rng), answer(rng)
            verdict = follows(identifier, kwargs, text)
            if len(found[verdict]) < 6:
                found[verdict].append([identifier, kwargs, text, verdict])
        yield from found[True] + found[False]
    for text in JSON_ANSWERS:
        yield ["detectable_format:json_format", {}, text, follows("detectable_format:json_format", {}, text)]
    for text in ["**JOHN'S NASA DON'T. CANNOT", "A,B A:B 3:15PM I'LL", "“NASA”—USA AT&T GONNA 'TIS O'BRIEN", "ÉTÉ EVIL-TWIN J. SMITH. U.S. P.M."]:
        for count in range(1, 10):
            kwargs = {"capital_frequency": count, "capital_relation": "at least"}
            yield ["change_case:capital_word_frequency", kwargs, text, follows("change_case:capital_word_frequency", kwargs, text)]


def languages():
    texts = json.loads((PACKAGE / "test/peers/ifeval_languages.json").read_text())
    for code, own in texts.items():
        for text in own:
            found = set()
            for seed in range(8):
                langdetect.DetectorFactory.seed = seed
                found.add(langdetect.detect(text))
            assert found == {code}, (code, text, found)
            yield [code, text]


rng = random.Random(1)
TEXTS = [answer(rng) for _ in range(60)]
written = {
    "cases": list(cases(rng)),
    "sentences": [[text, [sentence.strip() for sentence in punkt.tokenize(text)]] for text in TEXTS],
    "languages": list(languages()),
}
text = json.dumps(written, ensure_ascii=False, indent=0)
(PACKAGE / "test/references/ifeval.json").write_text(text + "\n")
