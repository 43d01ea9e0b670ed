"""Writes references/python.json: what Python's `re` finds, `random.Random` draws and `ast.literal_eval` reads.

usage: python python.py > ../references/python.json   (the standard library alone; Python 3.11)
"""
import ast, json, random, re

TEXTS = [
    "", "\n", "The answer is 694", "#### -1,234.50.\n#### 7", "a\nb #### 18\r\nc\u2028d", "x = $16.\n", "$$ 1 $ 2 ...",
    "the answer is (B) or (C)\nThe answer is About.", "naïve café_9 \u0663\u0664 \u00b2 \u2167", "tab\tand\u00a0nbsp\x1cfs\x85nel\u3000end",
    "```python\ndef f():\n    return 1\n```\nmore ``` x ```", "a]b-c^d\\e[f]{2,3} {x} }", "𝔘nicode 😀 pair", "AbC aBc ABC ſ K", "aaaa aa a",
    "foo: bar; foo2 :baz\nlast line", "\x07\x08\x0c\x0b", "12.5% & 1/2 ~ 3|4", "Final Answer: The final answer is 3. I hope it is correct.",
]
PATTERNS = [
    r"#### (\-?[0-9\.\,]+)", r"(-?[$0-9.,]{2,})|(-?[0-9]+)", r"The answer is (\-?[0-9\.\,]+).", r"(?s).*#### ", r"\.$", r"\$", r",",
    r"answer is \(?([ABCDEFGHIJ])\)?", r"(?<=the answer is )(.*)(?=.)", r"(?s)```(?:\w+)?\n?(.*?)\n?```", r"\w+", r"\W+", r"\d+", r"\D+", r"\s+", r"\S+",
    r"\b\w", r"\B\w", r"^.", r".$", r"(?m)^.", r"(?m).$", r"\A.", r".\Z", r"(?i)abc", r"(?i)[a-c]+", r"[]a]+", r"[^]a]+", r"[\w-]+", r"[^\W\d_]+",
    r"[\]\\^-]", r"{x}", r"a{2}", r"a{2,}", r"a{,2}", r"a{2,3}?", r"a*", r"(a)|(b)|c", r"(?P<name>fo+)(?P<rest>\d?)", r"(?:a|b)c",
    r"(?#comment)a", r"[\x41-\x43\u0042]+", r"\x41|\u0062|\U0001F600", r"[\b]", r"\a|\f|\v", r"[%&~|]", r"[a-]", r"[a\-z]+", r"\/|\%|\&", r"\0|q",
    r"(?=a)a", r"(?!a)\w", r"(?<!a)a", r".", r"(?s).", r"[.]", r"[\s\d]+", r"[^\s\d]+", r"Final Answer: The final answer is(.*?). I hope it is correct.",
]
LITERALS = [
    "[1, 2]", "[-2,7]", "[]", "[1.0, .5, 1e3, 1E-7, 123456789012345678901234567890]", "['a', \"b'c\", 'd\\n']", "[(1,), (1, 2), (3)]", "[True, False, None]",
    "[1, 2", "[a]", "[1 2]", "[1,,2]", "[,]", "[1,]", "[[1], [2, [3]]]", "[+1, -2, -0, 0]", "[--2]", "[- 2]", "[01]", "[1_000]", "[2,5)", "[1+2]", "[-\\frac{1}{2}]", "[0.1, 100000000000000000.0, 1e16, 0.0001, 0.00001]",
    "['\\x41']", "[ 1 , 2 ]", "['é\\u00e9']", "[00]", "[1.]", "['a' 'b']", "[u'a']", "[1j]", "[{1}]", "['tab\\t']",
]


def literal(text):
    try:
        return {"text": text, "str": str(ast.literal_eval(text))}
    except (SyntaxError, ValueError):
        return {"text": text, "str": None}


def draws(seed, size, count):
    generator = random.Random(seed)
    return {"seed": seed, "size": size, "count": count, "samples": [generator.sample(range(size), count) for _ in range(6)]}


print(json.dumps({
    "found": [{"pattern": p, "texts": [re.findall(p, t) for t in TEXTS], "removed": [re.sub(p, "", t) for t in TEXTS]} for p in PATTERNS],
    "texts": TEXTS,
    "literals": [literal(t) for t in LITERALS],
    "draws": [draws(s, n, k) for s, n, k in [(1234, 7473, 5), (0, 5, 5), (1, 21, 5), (7, 22, 5), (42, 85, 6), (4294967295, 90, 10), (1234, 1, 1), (3, 100, 21)]],
}, ensure_ascii=False))
