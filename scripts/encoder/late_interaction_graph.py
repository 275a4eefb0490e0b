"""Writes the ONNX graph of late interaction: cosines of query tokens and int8 passage tokens."""
import base64
from onnx import TensorProto, checker, helper

graph = helper.make_graph(
    [
        helper.make_node("DequantizeLinear", ["values", "scales"], ["tokens"], axis=0),
        helper.make_node("Gemm", ["query", "tokens"], ["cosines"], transB=1),
    ],
    "late_interaction",
    [
        helper.make_tensor_value_info("query", TensorProto.FLOAT, ["q", "d"]),
        helper.make_tensor_value_info("values", TensorProto.INT8, ["t", "d"]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, ["t"]),
    ],
    [helper.make_tensor_value_info("cosines", TensorProto.FLOAT, ["q", "t"])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
checker.check_model(model)
print(base64.b64encode(model.SerializeToString()).decode())
