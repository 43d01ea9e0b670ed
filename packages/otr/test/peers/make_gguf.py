"""Small GGUF files, and what the programs they come from make of the same tensors and texts.

usage: python make_gguf.py OUT
  (gguf 0.19.0, sentencepiece 0.2.3, tokenizers 0.23, torch 2.11.0, transformers 5.23.0, safetensors)

OUT/ holds
  blocks.gguf, blocks.safetensors    random blocks of every type, and their float32 values by the package gguf (Q8_K, which
                                     it lacks, by its formula)
  NAME.gguf                          tiny random models, written as llama.cpp's convert_hf_to_gguf.py writes them, of
                                     several types each; llama with a SentencePiece vocabulary, the others byte-level
  models.safetensors                 NAME.logits (3, V): what transformers computes from the dequantised weights, at the
                                     last three of the ids in NAME.input_ids
  tokens.json                        texts, and their ids by sentencepiece and by the package tokenizers
"""
import json
import math
import pathlib
import sys

import gguf
import numpy
import sentencepiece
import tokenizers
import torch
import transformers
from gguf import GGMLQuantizationType as Type
from safetensors.numpy import save_file

OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
random = numpy.random.default_rng(0)
torch.manual_seed(0)
torch.set_num_threads(1)

# --- blocks -----------------------------------------------------------------------------------------------------------

# Of each type, where its scales of 16 bits stand in a block: random bytes there could be infinite.
HALVES = {Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0], Type.Q2_K: [80, 82],
          Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208]}


def random_blocks(kind, count):
    size, width = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (count, width), dtype=numpy.uint8)
    for at in HALVES[kind]:
        blocks[:, at : at + 2] = random.normal(size=count).astype(numpy.float16)[:, None].view(numpy.uint8)
    return blocks.reshape(1, -1)


def write_blocks():
    writer = gguf.GGUFWriter(OUT / "blocks.gguf", "none")
    expected = {}
    for kind in HALVES:
        data = random_blocks(kind, 3)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
        expected[kind.name] = gguf.dequantize(data, kind)
    blocks = random.integers(0, 256, (2, 292), dtype=numpy.uint8)
    blocks[:, :4] = random.normal(size=2).astype(numpy.float32)[:, None].view(numpy.uint8)
    writer.add_tensor("Q8_K", blocks.reshape(1, -1), raw_dtype=Type.Q8_K)
    scales = blocks[:, :4].copy().view(numpy.float32)
    expected["Q8_K"] = (scales * blocks[:, 4:260].view(numpy.int8).astype(numpy.float32)).reshape(1, -1)
    # Ordinary numbers, and those at the ends: subnormal, largest, infinite.
    halves = numpy.concatenate([random.normal(size=26), [6e-8, -6e-5, 65504, -numpy.inf, 0, -0.0]]).astype(numpy.float16)
    writer.add_tensor("F16", halves.reshape(2, 16))
    expected["F16"] = halves.reshape(2, 16).astype(numpy.float32)
    floats = random.normal(size=(2, 16)).astype(numpy.float32)
    writer.add_tensor("F32", floats)
    expected["F32"] = floats
    bfloats = gguf.quantize(floats, Type.BF16)
    writer.add_tensor("BF16", bfloats, raw_dtype=Type.BF16)
    expected["BF16"] = gguf.dequantize(bfloats, Type.BF16)
    close(writer)
    save_file(expected, OUT / "blocks.safetensors")


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# --- texts and tokenizers ---------------------------------------------------------------------------------------------

WORDS = """the a my your their and or but if then because while river mountain answer question number twelve seven
counts walks reads writes finds brings leaves bright quiet small curious don't we'll I've it's THE Answer MOUNTAIN""".split()
ODD = ["", " ", "  ", "\n", "\n\n  x", " leading", "trailing ", "two  spaces   three", "tab\tand\r\nline", "1234567 and 3.14159",
       "12 + 34 = 46", "naïve café", "cafe\u0301", "日本語のテキスト", "Привет, мир!", "مرحبا", "🙂👍🏽 emoji", "a\u200bb", "x_y-z/w\\v",
       "\"quoted\" 'single' `code`", "don't DON'T we'Ll", "<|im_start|>user\nhi<|im_end|>\n", "a<|im_end|>b",
       "<tool_call>{\"a\": 1}</tool_call>", "<s> not special </s>", "▁underscore▁", "http://x.org/?q=1&r=2", "ﬁ ligature",
       "\ufeffmark", "e = mc²", "½ ¾", "한국어", "fn main() { println!(\"{}\", 1); }"]


def texts():
    made = []
    for _ in range(90):
        count = random.integers(1, 12)
        made.append(" ".join(random.choice(WORDS, count)) + str(random.choice([".", "?", "!", "\n", ", 12", ""])))
    return ODD + made


TEXTS = texts()
QWEN2 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
TEMPLATE = ("{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
            "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")


def byte_level():
    """As Qwen's tokenizer is built."""
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.normalizer = tokenizers.normalizers.NFC()
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(QWEN2), "isolated")
    made.pre_tokenizer = tokenizers.pre_tokenizers.Sequence(
        [split, tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    made.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(TEXTS, tokenizers.trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, show_progress=False))
    made.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    made.add_tokens([tokenizers.AddedToken("<tool_call>", normalized=False)])
    return made


def add_byte_level(writer, made, size):
    """As Model.get_vocab_base and SpecialVocab of the converter do."""
    described = json.loads(made.to_str())
    added = {token["id"]: token for token in described["added_tokens"]}
    names = {id: token for token, id in made.get_vocab().items()}
    kinds = [gguf.TokenType.CONTROL if id in added and added[id]["special"] else gguf.TokenType.USER_DEFINED if id in added
             else gguf.TokenType.NORMAL if id in names else gguf.TokenType.UNUSED for id in range(size)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([names.get(id, f"[PAD{id}]") for id in range(size)])
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(merge) for merge in described["model"]["merges"]])
    writer.add_bos_token_id(made.token_to_id("<|endoftext|>"))
    writer.add_eos_token_id(made.token_to_id("<|im_end|>"))
    writer.add_pad_token_id(made.token_to_id("<|endoftext|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def sentence_piece():
    """As Llama 2's tokenizer was trained."""
    model = OUT / "trained"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS), model_prefix=str(model), model_type="bpe", vocab_size=330, byte_fallback=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True, character_coverage=0.99,
        allow_whitespace_only_pieces=True, minloglevel=2)
    made = sentencepiece.SentencePieceProcessor(model_file=f"{model}.model")
    for ending in (".model", ".vocab"):
        model.with_suffix(ending).unlink()
    return made


def add_sentence_piece(writer, made):
    """As Model._create_vocab_sentencepiece of the converter does."""
    ids = range(made.vocab_size())
    kind = lambda id: (gguf.TokenType.UNKNOWN if made.is_unknown(id) else gguf.TokenType.CONTROL if made.is_control(id)
                       else gguf.TokenType.UNUSED if made.is_unused(id) else gguf.TokenType.BYTE if made.is_byte(id)
                       else gguf.TokenType.NORMAL)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([made.id_to_piece(id).encode() for id in ids])
    writer.add_token_scores([made.get_score(id) for id in ids])
    writer.add_token_types([kind(id) for id in ids])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)


# --- models -----------------------------------------------------------------------------------------------------------

SIZES = dict(hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=128)
ROPE = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=8192)
WINDOWS = dict(head_dim=16, sliding_window=8, query_pre_attn_scalar=16)


def models(spm_size, bpe_size):
    llama, qwen2 = transformers.LlamaConfig, transformers.Qwen2Config
    return {
        # As files of Llama 3, whose rule for long contexts stands in a tensor; a head of its own.
        "llama": (gguf.MODEL_ARCH.LLAMA, llama(**SIZES, head_dim=16, vocab_size=spm_size, rope_parameters=ROPE, rms_norm_eps=1e-5),
                  [Type.Q8_0, Type.Q4_0]),
        "qwen2": (gguf.MODEL_ARCH.QWEN2, qwen2(**SIZES, vocab_size=bpe_size, tie_word_embeddings=True), [Type.Q5_0, Type.Q8_0]),
        "qwen3": (gguf.MODEL_ARCH.QWEN3, transformers.Qwen3Config(**SIZES, vocab_size=bpe_size, head_dim=16, tie_word_embeddings=True),
                  [Type.F16]),
        "gemma": (gguf.MODEL_ARCH.GEMMA, transformers.GemmaConfig(**SIZES, vocab_size=bpe_size, head_dim=16), [Type.Q8_0]),
        "gemma2": (gguf.MODEL_ARCH.GEMMA2, transformers.Gemma2Config(**SIZES, **WINDOWS, vocab_size=bpe_size), [Type.Q8_0]),
        "gemma3": (gguf.MODEL_ARCH.GEMMA3, transformers.Gemma3TextConfig(**SIZES, **WINDOWS, vocab_size=bpe_size), [Type.Q4_1]),
    }


def permute(weights, heads):
    """LlamaModel.permute of the converter."""
    return weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def unpermute(weights, heads):
    return weights.reshape(heads, weights.shape[0] // heads // 2, 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def llama3_factors(config):
    """LlamaModel.generate_extra_tensors of the converter."""
    settings = config.rope_parameters
    frequencies = 1.0 / (settings["rope_theta"] ** (numpy.arange(0, config.head_dim, 2) / config.head_dim))
    low, high = settings["low_freq_factor"], settings["high_freq_factor"]
    factors = []
    for length in 2 * math.pi / frequencies:
        turns = settings["original_max_position_embeddings"] / length
        smooth = (turns - low) / (high - low)
        factors.append(1 if turns > high else settings["factor"] if turns < low
                       else 1 / ((1 - smooth) / settings["factor"] + smooth))
    return numpy.array(factors, dtype=numpy.float32)


def add_config(writer, config, arch):
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    if arch != gguf.MODEL_ARCH.QWEN2:
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    if arch == gguf.MODEL_ARCH.LLAMA:
        writer.add_rope_dimension_count(config.head_dim)
    if arch in (gguf.MODEL_ARCH.LLAMA, gguf.MODEL_ARCH.QWEN2, gguf.MODEL_ARCH.QWEN3):
        writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    if arch == gguf.MODEL_ARCH.GEMMA2:
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
        writer.add_final_logit_softcapping(config.final_logit_softcapping)
    if arch in (gguf.MODEL_ARCH.GEMMA2, gguf.MODEL_ARCH.GEMMA3):
        writer.add_sliding_window(config.sliding_window)


def write_model(name, arch, config, kinds, vocabulary):
    config._attn_implementation = "eager"
    model = transformers.AutoModelForCausalLM.from_config(config).eval()
    state = dict(model.state_dict())
    writer = gguf.GGUFWriter(OUT / f"{name}.gguf", gguf.MODEL_ARCH_NAMES[arch])
    writer.add_name(name)
    add_config(writer, config, arch)
    vocabulary(writer)
    if arch == gguf.MODEL_ARCH.LLAMA:
        writer.add_tensor("rope_freqs.weight", llama3_factors(config))
    names = gguf.get_tensor_name_map(arch, config.num_hidden_layers)
    for index, (key, value) in enumerate(state.items()):
        if key == "lm_head.weight" and config.tie_word_embeddings:
            continue
        # Weights of norms, and biases, are far from what they are initialised to in a trained model.
        data = value.float().numpy() + (random.normal(size=value.shape, scale=0.1).astype(numpy.float32) if value.ndim == 1 else 0)
        heads = config.num_attention_heads if ".q_proj." in key else config.num_key_value_heads if ".k_proj." in key else 0
        is_paired = arch == gguf.MODEL_ARCH.LLAMA and heads
        offset = 1 if name.startswith("gemma") and key.endswith("norm.weight") else 0
        stored = permute(data, heads) if is_paired else data + offset
        kind = kinds[index % len(kinds)] if stored.ndim == 2 else Type.F32
        packed = gguf.quantize(stored.astype(numpy.float32), kind)
        writer.add_tensor(names.get_name(key, try_suffixes=(".weight", ".bias")), packed, raw_dtype=kind)
        back = gguf.dequantize(packed, kind) if kind != Type.F32 else packed
        state[key] = torch.from_numpy((unpermute(back, heads) if is_paired else back - numpy.float32(offset)).copy())
    if config.tie_word_embeddings:
        state["lm_head.weight"] = state["model.embed_tokens.weight"]
    model.load_state_dict(state)
    close(writer)
    ids = torch.from_numpy(random.integers(3, config.vocab_size, (1, 12)))
    with torch.no_grad():
        logits = model(ids).logits[0, -3:].float()
    return {f"{name}.input_ids": ids.numpy(), f"{name}.logits": logits.numpy()}


write_blocks()
bpe, spm = byte_level(), sentence_piece()
# Models have more rows than their tokenizer has tokens.
bpe_size = bpe.get_vocab_size() + 4
made = {}
for name, (arch, config, kinds) in models(spm.vocab_size(), bpe_size).items():
    of_llama = name == "llama"
    made |= write_model(name, arch, config, kinds,
                        (lambda writer: add_sentence_piece(writer, spm)) if of_llama else (lambda writer: add_byte_level(writer, bpe, bpe_size)))
save_file(made, OUT / "models.safetensors")
(OUT / "tokens.json").write_text(json.dumps({
    "texts": TEXTS,
    "sentencepiece": [[1, *spm.encode(text)] for text in TEXTS],
    "byteLevel": [bpe.encode(text).ids for text in TEXTS],
}, ensure_ascii=True))
print(*(f"{path.name} {path.stat().st_size}" for path in sorted(OUT.iterdir())), sep="\n")
