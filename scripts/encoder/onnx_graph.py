"""A small builder of ONNX graphs: nodes get names by themselves, weights become int8."""

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
"""What onnxruntime 1.14 loads."""


def to_int8(weights: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8 with one scale per index of the axis that stays: (values, scales)."""
    largest = np.abs(weights).max(axis=1 - axis, keepdims=True)
    scale = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.rint(weights / scale).astype(np.int8), scale.reshape(-1)


class Graph:
    """Nodes and constants in the order in which they are added."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def ints(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)).replace("-", "m"), np.array(values, np.int64))

    def number(self, value: float) -> str:
        return self.constant(f"number_{value!r}", np.array(value, np.float32))

    def add(self, operation: str, *inputs: str, outputs: int = 1, **attributes: object) -> list[str]:
        """Adds a node and gives the names of its outputs."""
        name = f"{operation}_{len(self.nodes)}"
        names = [name if outputs == 1 else f"{name}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operation, list(inputs), names, name=name, **attributes))
        return names

    def one(self, operation: str, *inputs: str, **attributes: object) -> str:
        return self.add(operation, *inputs, **attributes)[0]

    def layer_norm(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray, epsilon: float) -> str:
        w, b = self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)
        return self.one("LayerNormalization", x, w, b, axis=-1, epsilon=epsilon)

    def linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x · weightᵀ + bias with int8 weights, one scale per output, and activations quantised on the fly.

        The shape of these nodes is the one that onnxruntime fuses into a single kernel."""
        values, scales = to_int8(weight.T, axis=1)
        quantised, x_scale, x_zero = self.add("DynamicQuantizeLinear", x, outputs=3)
        product = self.one(
            "MatMulInteger", quantised, self.constant(f"{name}.weight_int8", values), x_zero,
            self.constant(f"{name}.weight_zero", np.zeros(len(scales), np.int8)),
        )
        scale = self.one("Mul", x_scale, self.constant(f"{name}.weight_scale", scales))
        scaled = self.one("Mul", self.one("Cast", product, to=TensorProto.FLOAT), scale)
        return self.one("Add", scaled, self.constant(f"{name}.bias", bias))

    def lookup(self, ids: str, name: str, table: np.ndarray) -> str:
        """Rows of an int8 table, one scale per row, as float32."""
        values, scales = to_int8(table, axis=0)
        rows = self.one("Gather", self.constant(f"{name}.weight_int8", values), ids, axis=0)
        scale = self.one("Gather", self.constant(f"{name}.weight_scale", scales.reshape(-1, 1)), ids, axis=0)
        return self.one("Mul", self.one("Cast", rows, to=TensorProto.FLOAT), scale)

    def model(self, inputs: list[str], outputs: dict[str, tuple[str, int]]) -> ModelProto:
        """The checked model; inputs are int64 (batch, sequence), outputs float32 (batch, sequence, width).

        `outputs` says for each one's name which node gives it and its width."""
        axes = ["batch", "sequence"]
        for name, (node, _) in outputs.items():
            self.nodes.append(helper.make_node("Identity", [node], [name], name=f"output_{name}"))
        graph = helper.make_graph(
            self.nodes, "encoder",
            [helper.make_tensor_value_info(name, TensorProto.INT64, axes) for name in inputs],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, [*axes, width])
                for name, (_, width) in outputs.items()
            ],
            list(self.constants.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="glossary-search")
        model.ir_version = IR_VERSION
        checker.check_model(model, full_check=True)
        return model
