"""Writes references/harness-choices.json: what lm-evaluation-harness asks and computes for tasks that are scored by log-likelihood
(and for BBH, whose answers are generated), over made-up rows and scripted answers.

usage: python harness_choices.py > ../references/harness-choices.json   (pip install lm-eval==0.4.13; nothing is downloaded)
"""
import glob, io, json, os, random, sys, tempfile
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HOME=tempfile.mkdtemp(), CUDA_VISIBLE_DEVICES="", LMEVAL_LOG_LEVEL="ERROR")
out, sys.stdout = sys.stdout, sys.stderr
import datasets
datasets.disable_progress_bars()
from lm_eval import simple_evaluate
from lm_eval.api.model import LM
from lm_eval.api.task import ConfigurableTask
from lm_eval.loggers import EvaluationTracker
from lm_eval.tasks import TaskManager

WORDS = "river stone lamp green quickly under cat déjà 東京 seven".split()
r = random.Random(5)
say = lambda n: " ".join(r.choice(WORDS) for _ in range(n))


def arc(i):
    labels = "ABCDE"[: r.choice([3, 4, 5])] if i % 3 else "1234"
    return {"id": f"q{i}", "question": f"What is {say(3)}?", "choices": {"text": [say(1 + k) for k in range(len(labels))], "label": list(labels)}, "answerKey": r.choice(labels)}


def hellaswag(i):
    return {"ind": i, "activity_label": say(2), "ctx_a": f"A [title] {say(4)}", "ctx_b": f"the {say(2)} [x]  end", "ctx": "", "endings": [f"{say(2)} [title] {say(k + 1)} [note] a." for k in range(4)], "label": str(r.randrange(4))}


def winogrande(i):
    return {"sentence": f"The {say(2)} did not fit _ because {say(3)}. ", "option1": "the " + say(1), "option2": say(2), "answer": str(1 + i % 2)}


def bbh(i):
    return {"input": f"not ( {say(1)} ) and {say(2)} is", "target": r.choice(["True", "False"])}


ROWS = {"arc_easy": arc, "hellaswag": hellaswag, "winogrande": winogrande, "bbh_cot_fewshot_boolean_expressions": bbh}
SHOTS = {"arc_easy": 2, "hellaswag": 3, "winogrande": 2, "bbh_cot_fewshot_boolean_expressions": None}
DATA = {t: {s: [make(i) for i in range(n)] for s, n in [("train", 9), ("validation", 5), ("test", 5)]} for t, make in ROWS.items()}


def download(self, dataset_kwargs=None, **_):
    self.dataset = datasets.DatasetDict({s: datasets.Dataset.from_list(v) for s, v in DATA[self.config.task].items()})


ConfigurableTask.download = download
SAYS = ["So the answer is {}.", " the answer is {}", "{}.", "the answer is True. the answer is False.\n\nQ: x", "the answer is {}. Q"]


class Script(LM):
    def __init__(self):
        super().__init__()
        self.said = []

    def loglikelihood(self, requests, disable_tqdm=False):
        self.said = [(-round(random.Random(x.args[0] + x.args[1]).uniform(0.5, 40), 3), False) for x in requests]
        return self.said

    def generate_until(self, requests, disable_tqdm=False):
        from lm_eval.models.utils import postprocess_generated_text
        self.said = [SAYS[i % len(SAYS)].format(x.doc["target"]) for i, x in enumerate(requests)]
        return [postprocess_generated_text(t, x.args[1]["until"], None) for t, x in zip(self.said, requests)]

    def loglikelihood_rolling(self, requests, disable_tqdm=False):
        raise NotImplementedError


tasks, written = TaskManager(), {}
for task in ROWS:
    lm = Script()
    with tempfile.TemporaryDirectory() as tmp:
        tracker = EvaluationTracker(output_path=tmp)
        res = simple_evaluate(model=lm, tasks=[task], num_fewshot=SHOTS[task], log_samples=True, task_manager=tasks, evaluation_tracker=tracker, bootstrap_iters=10)
        samples = res.pop("samples")
        tracker.save_results_aggregated(results=res, samples=samples)
        tracker.save_results_samples(task_name=task, samples=samples[task])
        lines = [json.loads(x) for x in open(glob.glob(tmp + "/*/samples_*.jsonl")[0], encoding="utf-8") if x.strip()]
        results = json.load(open(glob.glob(tmp + "/*/results_*.json")[0], encoding="utf-8"))
    written[task] = {"rows": DATA[task], "num_fewshot": SHOTS[task], "said": lm.said, "samples": lines, "results": results["results"][task], "task_hash": results["task_hashes"][task]}
out.write(json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n")
