"""Writes small character maps as SentencePiece compiles them: run with the package `sentencepiece`.

    python3 make_character_map.py > ../references/character-map.json
"""
import base64
import io
import json
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2


def character_map(**normalization):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["ab ba"] * 10),
        model_writer=model,
        vocab_size=7,
        hard_vocab_limit=False,
        minloglevel=2,
        **normalization,
    )
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return proto.normalizer_spec.precompiled_charsmap


with tempfile.NamedTemporaryFile("w", suffix=".tsv") as rules:
    # U+FF21 (fullwidth A) to "a", U+2460 to "1", "é" in two characters to "e", U+FB03 to "ffi".
    rules.write("FF21\t61\n2460\t31\n65 301\t65\nFB03\t66 66 69\n")
    rules.flush()
    small = character_map(normalization_rule_tsv=rules.name)

print(json.dumps({"map": base64.b64encode(small).decode(), "bytes": len(small)}))
