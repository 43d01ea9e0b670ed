"""Writes test/references/math-verify.json: verdicts of math-verify on pairs of answers of every kind that it knows, and
the text that it takes for the answer: {gold: {response: [text, equal]}}.

usage: python math_verify_pairs.py, then npx biome format --write on the file
(math-verify 0.9.0, latex2sympy2-extended 1.11.0, sympy 1.14.0)
"""
import json
import logging
from pathlib import Path

from math_verify import parse, verify

logging.disable(logging.CRITICAL)

# A reference answer and answers to it; each is judged alone. Texts with "$" or "\\boxed" are whole outputs.
PAIRS = {
    # numbers
    "5": ["5", "5.0", "5.00", "05", "6", "-5", "5.1", "5.0000001", "10/2", r"\frac{10}{2}", r"\sqrt{25}", "5!", "2+3", "x=5", "x = 5.0", "5%", r"5\%", "50%", "5 cm", r"5\text{ cm}", r"5\text{ units}^2", r"\$5", "5^\\circ", "{5}", r"\{5\}", "(5)", "five", "5_7", "5x"],
    "-3": ["-3", "- 3", "3", r"-\frac{6}{2}", "x=-3", "(-3)", r"\boxed{-3}", "--3"],
    "0": ["0", "0.0", "-0", r"\sin 0", "1-1", "x-x", r"\emptyset", "0.0000001"],
    "1000": ["1,000", "1000", "1 000", r"1{,}000", r"1,\!000", "10^3", r"1 \times 10^3", "1,00", "100", r"1\,000"],
    "1234567": ["1,234,567", "1234567", "1,234,568", "1234567.0", "1.234567e6"],
    "0.5": [r"\frac12", "1/2", ".5", "0.50", r"50\%", "0.51", r"\frac{1}{3}", "5/10"],
    r"\frac{1}{3}": ["0.333333", "0.3333333333", "0.33", "0.333", "1/3", r"\frac13", r"\frac 1 3", r"\dfrac{1}{3}", r"\frac{2}{6}", "0.333334", "3^{-1}", r"33.3333\%", r"0.\overline{3}"],
    r"\frac{22}{7}": [r"\pi", "3.142857", "3.14", r"3\frac{1}{7}", "22/7", "3 1/7"],
    "12.5": [r"12\frac{1}{2}", "25/2", "12.50", "12,5", "12.5%", "125/10", "12.49"],
    r"25\%": ["25%", r"25\%", "25", "0.25", "1/4", r"\frac{1}{4}", "25 percent", r"25 \text{ percent}", "2.5", "2500"],
    r"\sqrt{2}": ["1.414214", "1.41421356237", "1.41", "2^{1/2}", r"\frac{2}{\sqrt{2}}", r"2^{0.5}", r"\sqrt2", "1.414213"],
    r"2\sqrt{3}": [r"\sqrt{12}", r"\frac{6}{\sqrt{3}}", "3.464102", r"2 \cdot \sqrt{3}", r"3\sqrt{2}", r"\sqrt{3}\cdot2", r"2\sqrt 3"],
    r"\pi": ["3.141593", "3.14159265358979", r"\frac{2\pi}{2}", "3.14159", "pi", r"180^\circ"],
    r"\frac{\pi}{6}": ["30^\\circ", r"\pi/6", r"\arcsin(1/2)", "0.523599", r"\frac16\pi"],
    "10^{100}": ["10^{100}", r"10^{99}\cdot 10", "10^{101}", r"100^{50}", "10^{100}+1"],
    "2^{10}": ["1024", "1023", "4^5", "2^{5}2^{5}"],
    r"\binom{10}{3}": ["120", r"\frac{10!}{3!7!}", "121", r"\binom{10}{7}"],
    r"\log_2 8": ["3", r"\frac{\ln 8}{\ln 2}", "2", r"\log_{2}{8}"],
    r"\ln 4": [r"2\ln 2", "1.386294", r"\log 4", r"\ln(4)"],
    "6.02e23": [r"6.02\times 10^{23}", r"6.02 \cdot 10^{23}"],
    r"e^2": ["e^2", r"\exp(2)", "7.389056", r"e \cdot e"],
    r"\infty": [r"\infty", r"-\infty", r"+\infty", "infinity", "10^{10}"],
    r"\cos 60^\circ": [r"\cos 60", "0.5", r"\frac12"],
    r"1\frac{3}{4}": ["1.75", "7/4", r"\frac{7}{4}", r"\frac{3}{4}", "1 3/4"],
    # expressions
    "x^2+2x+1": ["(x+1)^2", "1+2x+x^2", "x^2+2x+2", "y^2+2y+1", "x(x+2)+1", "X^2+2X+1", "(1+x)^{2}", "x^2 + 2 x + 1"],
    "(a+b)(a-b)": ["a^2-b^2", "b^2-a^2", r"a^2 - b^{2}", "(a-b)(a+b)"],
    r"\frac{x}{2}": ["x/2", "0.5x", r"\frac12 x", r"\frac{1}{2}x", "2x", r"x \cdot 2^{-1}"],
    r"\frac{x+1}{x-1}": [r"\frac{1+x}{-1+x}", r"(x+1)/(x-1)", r"1+\frac{2}{x-1}", r"\frac{x-1}{x+1}"],
    r"\sin^2 x": [r"1-\cos^2 x", r"(\sin x)^2", r"\sin x^2", r"\sin(x)\sin(x)"],
    r"2\sin x\cos x": [r"\sin 2x", r"\sin(2x)", r"\cos x \sin x"],
    "n!": ["n!", r"n \cdot (n-1)!", "n"],
    "2^{n+1}": [r"2\cdot 2^n", "2^n+1", "2^{n}+2^{n}"],
    "3x+2": ["y=3x+2", "f(x)=3x+2", "2+3x", "3x", "3x-2"],
    r"|x-1|": [r"|1-x|", r"\left|x-1\right|", "x-1", r"\lvert x-1 \rvert"],
    r"\sqrt{x^2}": ["|x|", "x"],
    "a_1+a_2": ["a_2+a_1", "a_{1}+a_{2}", "a_1+a_3", "a1+a2"],
    r"\alpha\beta": [r"\beta\alpha", r"\alpha \cdot \beta", r"\alpha+\beta"],
    "6 - 5i": ["6-5i", "-5i+6", "6+5i", "5i-6"],
    "x/2y": [r"\frac{x}{2y}", r"\frac{x}{2}y"],
    # several answers
    "1,2": ["2,1", "1, 2", r"1 \text{ and } 2", r"$1$ and $2$", "1 or 2", r"\{1,2\}", "(1,2)", "(2,1)", "1", "1,2,3", "1,1,2", "x=1,2", "x=1, x=2", "[1,2]"],
    r"\{1,2,3\}": ["1,2,3", r"\{3,2,1\}", r"\{1,2\}", "(1,2,3)", "1;2;3", r"\left\{1,2,3\right\}"],
    r"(1,2)": ["(1,2)", "(2,1)", "1,2", "(1, 2)", "[1,2]", "(1,2]", r"\left(1,2\right)", r"\{1,2\}", "x=1,y=2", "(1.0,2.0)", "1<x<2", r"(x,y)=(1,2)"],
    "(3,1)": ["(3,1)", "(1,3)", "3,1", "1,3"],
    r"(1,2,3)": ["(1,2,3)", "(3,2,1)", "1,2,3", "[1,2,3]"],
    r"(0,1),(2,3)": ["(2,3),(0,1)", "(0,1), (2,3)", "(0,1)", "(1,0),(2,3)"],
    r"\pm 3": ["3,-3", "-3,3", r"x=\pm 3", "3", r"\{-3,3\}"],
    r"1\pm\sqrt{2}": [r"1+\sqrt{2},1-\sqrt{2}", r"1-\sqrt{2}, 1+\sqrt{2}", r"1+\sqrt{2}", r"x = 1 \pm \sqrt{2}"],
    r"\frac{1}{2}, \frac{1}{3}": ["0.5, 0.333333", r"\frac13,\frac12", "1/2, 1/3"],
    # intervals and inequalities
    "[0,1)": ["[0,1)", "(0,1)", "[0,1]", r"0\le x<1", r"\left[0,1\right)", r"x\in[0,1)", "0,1", "[0, 1.0)"],
    r"(-\infty,2]": [r"x\le 2", r"(-\infty,2)", r"x \leq 2", r"(-\infty, 2]", "2"],
    r"(-\infty,0)\cup(0,\infty)": [r"(0,\infty)\cup(-\infty,0)", r"x\ne 0", r"\mathbb{R}\setminus\{0\}", r"(-\infty,\infty)", r"(-\infty,0)\cup(0,+\infty)"],
    r"[1,2]\cup[2,3]": ["[1,3]", r"[2,3]\cup[1,2]", "(1,3)"],
    "x>3": ["x>3", "3<x", r"(3,\infty)", r"x\ge 3", "x<3", "y>3", "x>4", "2x>6", "-x<-3"],
    "1<x<2": ["1<x<2", "(1,2)", "2>x>1", r"1\le x\le 2", r"x\in(1,2)", "[1,2]"],
    r"0\le x\le 1": ["[0,1]", r"0 \leq x \leq 1", "(0,1)", r"1\ge x\ge 0"],
    r"x\ne 2": [r"x\neq 2", "x=2", "2"],
    # equations
    "x=5": ["5", "x=5", "5=x", "y=5", "x=6", "x = 10/2", "x=2+3=5"],
    "y=2x+1": ["y=2x+1", "2x+1", "y=1+2x", "2x-y+1=0", "y-2x=1", "y=2x-1", "x=2y+1"],
    "x^2+y^2=1": ["x^2+y^2=1", "y^2+x^2=1", "x^2+y^2-1=0", "2x^2+2y^2=2", "x^2+y^2=2", "1"],
    "2x+3y=6": ["2x+3y-6=0", "4x+6y=12", "6", r"y=-\frac{2}{3}x+2"],
    # matrices
    r"\begin{pmatrix}1\\2\end{pmatrix}": [r"\begin{pmatrix}1\\2\end{pmatrix}", r"\begin{bmatrix}1\\2\end{bmatrix}", r"\begin{pmatrix}2\\1\end{pmatrix}", r"\begin{pmatrix}1&2\end{pmatrix}", r"\begin{pmatrix} 1.0 \\ 4/2 \end{pmatrix}", "(1,2)"],
    r"\begin{pmatrix}1&0\\0&1\end{pmatrix}": [r"\begin{bmatrix}1 & 0\\ 0 & 1\end{bmatrix}", r"\begin{pmatrix}0&1\\1&0\end{pmatrix}", "1"],
    # words
    r"\text{Evelyn}": [r"\text{Evelyn}", "Evelyn", r"\text{evelyn}", r"\textbf{Evelyn}", r"\text{Carla}", r"\mathrm{Evelyn}", r"\text{ Evelyn }"],
    r"\text{(B)}": ["B", r"\text{B}", "(B)", "b", r"\textbf{(B)}", "C", r"\mathbf{B}"],
    r"\text{yes}": ["yes", r"\text{Yes}", r"\text{no}"],
    r"\text{June 20}": [r"\text{June 20}", "June 20", r"\text{June 21}"],
    "AB": ["AB", "BA", r"\overline{AB}", r"\text{AB}", "A B"],
    # numeral systems
    "204_5": ["204_5", "204", "204_6", "204_{5}", "54", "205_5"],
    # units and money
    r"15\mbox{ cm}^2": ["15", r"15\text{ cm}^2", r"15 \text{ square cm}", "15 cm^2", r"225"],
    r"\$32,\!348": ["32348", r"\$32,348", "32,348", "$32,348", "32348 dollars"],
    r"5.4 \text{ cents}": ["5.4", r"5.4\text{ cents}", "5.4 cents", "54"],
    r"72 \text{ degrees}": ["72", "72^\\circ", r"72^{\circ}"],
    # outputs
    "42": ["The answer is 42.", "The answer is $42$.", "So we get 41, no, 42", "42 apples", r"Thus $x=42$.", r"First \boxed{41}, then \boxed{42}.", r"\boxed{42} and not 41", "**42**", "Answer: 42", "answer 42 of 50", "the final answer is $42$. I hope it is correct. Also $43$", r"\boxed{x = 42}", r"\fbox{42}", r"\boxed{42", r"\boxed 42", "$$42$$", r"\[42\]", r"\(42\)", " [42] ", "= 42", "42%", "$42", "€42", "4 2", "Final Answer: The final answer is 42. I hope it is correct.", "The final answer is: 42", "Answer: $x=41$ or so, $42$", "", "I do not know", "42.", "42,", "-42", "(42)", "1 + 41", "40 + 2 = 42", "42 = 40 + 2", "x^42"],
    "1/2": ["The answer is 1/2", "the probability is 0.5.", "1/2.", "2/4", "1 / 2", "The answer is 1/2+0", "50%"],
}


def output(answer):
    """As a model would give it: a text that already is an output stays."""
    is_output = "$" in answer.replace("\\$", "") or "boxed" in answer or any(word in answer for word in ["nswer", "the ", " = "])
    return answer if is_output else f"The result is \\boxed{{{answer}}}."


rows = {}
for gold, answers in PAIRS.items():
    for answer in answers:
        for response in dict.fromkeys([output(answer), answer]):
            found = parse(response)
            equal = bool(verify(parse(f"${gold}$"), found))
            # What was taken for the answer, normalised; the last that `parse` gives.
            text = found[-1] if found else None
            rows.setdefault(gold, {})[response] = [text, equal]
path = Path(__file__).resolve().parents[1] / "references" / "math-verify.json"
path.write_text(json.dumps(rows, ensure_ascii=False))
verdicts = [equal for answers in rows.values() for _, equal in answers.values()]
print(len(verdicts), "pairs,", sum(verdicts), "equal")
