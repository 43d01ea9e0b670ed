"""Writes test/references/harness-normal-forms.json: what lm-evaluation-harness's minerva_math and hendrycks_math make of answers.

usage: python harness_normal_forms.py, then npx biome format --write on the file
(pip install --no-deps lm-eval==0.4.13; only two functions of it are used, so that what it imports is not needed)

{text: [normalize_final_answer(text), strip_string(text), or null where that raises an error]}. The texts are those of
math-verify.json, and some more.
"""
import json
import re
import sysconfig
from pathlib import Path
from typing import Optional

TASKS = Path(sysconfig.get_paths()["purelib"]) / "lm_eval" / "tasks"
REFERENCES = Path(__file__).resolve().parents[1] / "references"


def functions(task, first_line):
    """The functions of a task's utils.py behind a line; what stands before it imports much."""
    source = (TASKS / task / "utils.py").read_text()
    names = {"re": re, "Optional": Optional}
    exec(source[source.index(first_line) :], names)
    return names


minerva = functions("minerva_math", "SUBSTITUTIONS = [")
hendrycks = functions("hendrycks_math", "# string normalization")

pairs = json.loads((REFERENCES / "math-verify.json").read_text())
texts = {text for gold, answers in pairs.items() for text in [gold, *answers] if not text.startswith("The result is")}
texts |= {
    "x = 72", "the value $5$ dollars", r"\text{Evelyn} square inches", "5 square feet", r"2\pi cm", r"2\picm", "5ft", "a 5",
    r"\left(1,2\right) ft", "a\nb $c$ d", "$3$ and $4$", r"\text{a}\text{b}", r"\frac1{2}", ".$5$", r"\sqrt[3]8", "an apple",
    r"\sqrt[3]{8}", "0,1", "-1,000", "1,000,00", r"\text{m}", r"3\text{ m}", r"3\mbox{ cm}", r"\ldots 3", r"1\dots",
    r"3^{\circ}C", "multiples of 3", r"1\text{ and }2", r"\overline{ab}", r"\boxed{\frac{1}{2}}", r"10\%", "points5",
    "inches 12inches", "", " ", "03/4", "-3/4", "1/-2", "a/b", "1/2/3", "ab=5", "abc=5", "=5", r"1 \\ 2", r"\frac", r"\sqrt",
    r"\frac1", r"\dfrac12", "1 .5", "{.5}", ".5", r"1\text{ m}\text{ s}", r"3\text{ m}", "+1/2", "1_0/2", r"32,\!348",
}  # fmt: skip


def strip_string(text):
    try:
        return hendrycks["strip_string"](text)
    except Exception:
        return None


forms = {text: [minerva["normalize_final_answer"](text), strip_string(text)] for text in sorted(texts)}
(REFERENCES / "harness-normal-forms.json").write_text(json.dumps(forms, ensure_ascii=False))
