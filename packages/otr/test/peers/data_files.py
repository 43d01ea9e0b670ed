"""Writes the data files of test/references/rows with Python's csv module and pyarrow: the same rows in each format.

python data_files.py FOLDER, then npx biome format --write FOLDER   (Python 3.12, pyarrow 26.0.1)
"""

import csv
import json
import random
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
draw = random.Random(5)

# Texts with all that a format must quote or escape.
PIECES = ["a", "Zoë", "日本", "👋", ",", "\t", '"', '""', "\n", "\r\n", " ", "\\", "{", "}", "[", "]", "'", "<|im_end|>"]


def text():
    return "x" + "".join(draw.choice(PIECES) for _ in range(draw.randrange(12)))


rows = [{"prompt": text(), "completion": text(), "source": str(i)} for i in range(60)]
(folder / "rows.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1))
(folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
for name, delimiter, terminator in [("rows.csv", ",", "\r\n"), ("rows.tsv", "\t", "\n")]:
    with open(folder / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator=terminator)
        writer.writeheader()
        writer.writerows(rows)

table = pa.Table.from_pylist(rows)
for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    pq.write_table(table, folder / f"rows-{codec}.parquet", compression=codec, row_group_size=25)
pq.write_table(table, folder / "rows-v2.parquet", data_page_version="2.0", use_dictionary=False)
pq.write_table(table, folder / "rows-large-strings.parquet", row_group_size=7, data_page_size=64)

# A run of 2^30 equal levels, which takes three bytes and would fill the memory.
pq.write_table(pa.table({"text": ["abc"] * 1000}), folder / "hostile-run.parquet", compression="none", use_dictionary=False)
damaged = bytearray((folder / "hostile-run.parquet").read_bytes())
start = damaged.index(bytes([0xD0, 0x0F, 0x01]))  # a run of 1000 ones: 1000 << 1 as a varint, then the one
damaged[start : start + 6] = bytes([0x80, 0x80, 0x80, 0x80, 0x08, 0x01])
(folder / "hostile-run.parquet").write_bytes(damaged)

# What Hugging Face's datasets writes for conversations: lists of structures, with null where a field is missing.
conversations = [
    {
        "messages": [
            {"role": "user", "content": f"What is {i}?", "name": None},
            {"role": "assistant", "content": f"It is {i}.", "name": "bot" if i % 2 else None},
        ],
        "id": 2**40 + i,
        "score": None if i == 2 else i / 2,
        "tags": [] if i == 1 else ["t", None],
        "image": b"\xff\xfe\x00",
        "raw": b"bytes",
    }
    for i in range(5)
]
pq.write_table(pa.Table.from_pylist(conversations), folder / "messages.parquet")


def plain(value):
    """As the reader has it: bytes that are no text are null, and fields that are null within a row's values are left out."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(field) for name, field in value.items() if field is not None}
    return value


expected = [{name: plain(value) for name, value in row.items()} for row in conversations]
(folder / "messages.json").write_text(json.dumps(expected, indent=1))
