"""Writes test/references/tensorboard-events.json with TensorBoard's own protocol buffers and record writer.

python tensorboard_events.py > tensorboard-events.json   (tensorboard 2.21.0)
"""

import base64
import io
import json

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.types_pb2 import DT_STRING
from tensorboard.summary.writer.record_writer import RecordWriter


def records(*events):
    file = io.BytesIO()
    writer = RecordWriter(file)
    for event in events:
        writer.write(event.SerializeToString())
    return base64.b64encode(file.getvalue()).decode()


def scalar(tag, value):
    return Summary.Value(tag=tag, simple_value=value)


def text(tag, value):
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
    tensor = TensorProto(dtype=DT_STRING, tensor_shape=shape, string_val=[value.encode()])
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    return Summary.Value(tag=f"{tag}/text_summary", tensor=tensor, metadata=metadata)


def version(step):
    return Event(wall_time=1700000000.25, step=step, file_version="brain.Event:2")


def summary(step, *values):
    return Event(wall_time=1700000000.25, step=step, summary=Summary(value=values))


print(
    json.dumps(
        {
            "time": 1700000000.25,
            "header": records(version(0)),
            "purged": records(
                version(300), Event(wall_time=1700000000.25, step=300, session_log=SessionLog(status=SessionLog.START))
            ),
            "purgedZero": records(
                version(0), Event(wall_time=1700000000.25, session_log=SessionLog(status=SessionLog.START))
            ),
            "scalars": records(
                summary(129, scalar("train/loss", -0.1), scalar("eval/Zoë", 0.0), scalar("large", 1e300 * 1e10))
            ),
            "manySteps": records(summary(2**40, scalar("loss", 1.5))),
            "text": records(summary(0, text("args", "    {}\n" + "日" * 200))),
        },
        indent=2,
    )
)
