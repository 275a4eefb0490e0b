"""Makes tokenizer.json and its companions from a list of pieces and their scores."""

import json

from tokenizers import Tokenizer

from encoder_source import MASK

REMOVED = "".join(map(chr, [*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F]))
SPACES = "\t\n\f\r\x85\u1680\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd"

NORMALIZER = {
    "type": "Sequence",
    "normalizers": [
        {"type": "Replace", "pattern": {"Regex": f"[{REMOVED}]"}, "content": ""},
        {"type": "Replace", "pattern": {"Regex": f"[{SPACES}]"}, "content": " "},
        {"type": "NFKC"},
    ],
}
"""The original's character map (nmt_nfkc), written as rules that every implementation has.
They differ from it only in full-width `~` and in characters younger than the map."""

METASPACE = {
    "type": "Metaspace",
    "replacement": "▁",
    "prepend_scheme": "always",
    "add_prefix_space": True,  # what @xenova/transformers 2 reads in place of prepend_scheme
    "split": True,
}

PRE_TOKENIZER = {
    "type": "Sequence",
    "pretokenizers": [
        {"type": "WhitespaceSplit"},
        METASPACE,
    ],
}


def special_token(token: str, index: int) -> dict:
    return {
        "id": index, "content": token, "single_word": False, "lstrip": token == MASK, "rstrip": False,
        "normalized": False, "special": True,
    }


def tokenizer_json(pieces: list[str], scores: list[float]) -> dict:
    """The content of tokenizer.json: a Unigram model between `<s>` and `</s>`."""
    specials = [(i, p) for i, p in enumerate(pieces[:4])]
    if pieces[-1] == MASK:
        specials.append((len(pieces) - 1, MASK))
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [special_token(piece, index) for index, piece in specials],
        "normalizer": NORMALIZER,
        "pre_tokenizer": PRE_TOKENIZER,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
            ],
            "pair": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
                {"Sequence": {"id": "B", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
            ],
            "special_tokens": {
                "<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]},
            },
        },
        "decoder": METASPACE,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [[p, s] for p, s in zip(pieces, scores)], "byte_fallback": False},
    }


def tokenizer_config(max_tokens: int) -> dict:
    """The content of tokenizer_config.json."""
    return {
        "tokenizer_class": "XLMRobertaTokenizer",
        "model_max_length": max_tokens,
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": MASK,
        "clean_up_tokenization_spaces": False,
    }


def make_tokenizer(pieces: list[str], scores: list[float]) -> Tokenizer:
    """The same tokenizer, ready to use."""
    return Tokenizer.from_str(json.dumps(tokenizer_json(pieces, scores)))
