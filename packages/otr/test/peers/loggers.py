"""Opens what `otr train --report_to tensorboard,trackio` wrote with the readers of TensorBoard and trackio themselves.

    python -m venv venv && venv/bin/pip install tensorboard trackio
    TRACKIO_DIR=trackio otr train ... --output_dir out --report_to tensorboard,trackio --project demo
    TRACKIO_DIR=trackio venv/bin/python loggers.py out demo

Compares each number of metrics.jsonl with what the readers say, trackio's by the server of `trackio show`.
"""

import json
import os
import struct
import sys
import time
import urllib.request


def grouped(name):
    return "eval/" + name[len("eval_") :] if name.startswith("eval_") else "train/" + name


def expected(folder):
    """Each number with its tag and step."""
    values = []
    with open(os.path.join(folder, "metrics.jsonl")) as file:
        for text in file:
            line = json.loads(text)
            for name, value in line.items():
                if name not in ("step", "time") and isinstance(value, (int, float)):
                    values.append(((grouped(name), line["step"]), value))
    return values


def tensorboard_values(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    (run,) = os.scandir(os.path.join(folder, "runs"))
    reader = EventAccumulator(run.path, size_guidance={"scalars": 0, "tensors": 0})
    reader.Reload()
    text = reader.Tensors("args/text_summary")[0].tensor_proto.string_val[0]
    assert json.loads(text)["output_dir"], "the options"
    events = [(tag, event) for tag in reader.Tags()["scalars"] for event in reader.Scalars(tag)]
    return [((tag, event.step), event.value) for tag, event in events]


def trackio_values(folder, project):
    import trackio

    _, url, *_ = trackio.show(project=project, open_browser=False, block_thread=False)

    def ask(name, **arguments):
        body = json.dumps({"args": [], "kwargs": arguments}).encode()
        request = urllib.request.Request(f"{url.rstrip('/')}/api/{name}", body, {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))["data"]

    run_id = json.load(open(os.path.join(folder, "loggers.json")))["run_id"]
    # The server looks into the inbox every 15 s.
    for _ in range(40):
        runs = ask("get_runs_for_project", project=project)
        if any(run["id"] == run_id for run in runs):
            break
        time.sleep(1)
    config = trackio.Api().runs(project)[0].config
    assert config["output_dir"], "the options"
    (name,) = [run["name"] for run in runs if run["id"] == run_id]
    values = []
    for row in ask("get_logs", project=project, run=name, run_id=run_id, max_points=100_000):
        known = ("step", "timestamp", "train/global_step")
        values += [((tag, row["step"]), value) for tag, value in row.items() if tag not in known]
    return values


def compare(name, found, wanted):
    found, wanted = sorted(found), sorted(wanted)
    assert [key for key, _ in found] == [key for key, _ in wanted], f"{name}: {len(found)} of {len(wanted)} values"
    for (key, value), (_, number) in zip(found, wanted):
        assert value == number, (name, key, value, number)
    print(f"{name}: {len(found)} values as in metrics.jsonl")


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


if __name__ == "__main__":
    folder, project = sys.argv[1:]
    wanted = expected(folder)
    compare("tensorboard", tensorboard_values(folder), [(key, float32(value)) for key, value in wanted])
    compare("trackio", trackio_values(folder, project), wanted)
    os._exit(0)
