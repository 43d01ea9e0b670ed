"""Hands the lines of a run to wandb, whose HTTP interface is not public.

Reads one JSON document a line from standard input and answers each with one on standard output:

    {"open": {"id": ..., "name": ..., "project": ..., "folder": ..., "config": {...}}}  ->  {"place": ...}
    {"lines": [{"step": 10, "loss": 0.5, ...}, ...]}                                   ->  {}
    {"finish": "completed"}                                                            ->  {}

What fails is answered with {"error": "..."} and ends the program. The end of standard input ends the run as failed.
"""

import json
import os
import sys


def grouped(name):
    return "eval/" + name[len("eval_") :] if name.startswith("eval_") else "train/" + name


def open_run(setting):
    import wandb

    run = wandb.init(
        id=setting["id"],
        name=setting["name"],
        project=os.environ.get("WANDB_PROJECT", setting["project"]),
        dir=setting["folder"],
        config=setting["config"],
        resume="allow",
        settings=wandb.Settings(silent=True),
    )
    run.define_metric("train/global_step")
    run.define_metric("*", step_metric="train/global_step", step_sync=True)
    return run


def log_line(run, line):
    # A step that wandb has passed comes again when a run goes on from a checkpoint.
    if line["step"] < run.step:
        return
    values = {
        grouped(name): value
        for name, value in line.items()
        if name not in ("step", "time") and isinstance(value, (int, float))
    }
    run.log({**values, "train/global_step": line["step"]}, step=line["step"])


def main():
    # Whatever else writes to standard output must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    run = None
    for text in sys.stdin:
        request = json.loads(text)
        answer = {}
        try:
            if "open" in request:
                run = open_run(request["open"])
                answer["place"] = run.url or f"wandb sync {os.path.dirname(run.dir)}"
            elif "lines" in request:
                for line in request["lines"]:
                    log_line(run, line)
            else:
                run.finish(exit_code=0 if request["finish"] == "completed" else 1)
                run = None
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        if "error" in answer:
            break
    if run is not None:
        run.finish(exit_code=1)


main()
