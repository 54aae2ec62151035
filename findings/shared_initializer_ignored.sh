#!/usr/bin/env bash
# onnxruntime 1.31.1: `SessionOptions.add_initializer` gives a session its own value for a weight of the model ("If a model
# contains an initializer with a name that matches the name passed to this API call, ORT will use this initializer instance").
# Guess: with a weight that is kept as int8 and scaled in the graph (Cast, Mul, MatMul) the session computes with the value given.
# Seen: it computes with the value in the file, silently. The constant part (Cast and Mul) is folded from the file before the
# given value is put in. Without graph optimization the given value counts.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" -q install onnx==1.23.2 onnxruntime==1.31.1 numpy==2.4.6
cat > "$work/probe.py" <<'P'
import numpy as np, onnx, onnxruntime as ort
from onnx import TensorProto as T, helper as h, numpy_helper as n

whole = np.full((2, 2), 3, np.int8)
graph = h.make_graph(
    [h.make_node("Cast", ["w_q"], ["w_f"], to=T.FLOAT), h.make_node("Mul", ["w_f", "scale"], ["w"]),
     h.make_node("MatMul", ["x", "w"], ["y1"]), h.make_node("Add", ["y1", "b"], ["y"])],
    "g", [h.make_tensor_value_info("x", T.FLOAT, [1, 2])], [h.make_tensor_value_info("y", T.FLOAT, [1, 2])],
    [n.from_array(whole, "w_q"), n.from_array(np.float32([2.0]), "scale"), n.from_array(np.float32([1, 1]), "b")])
model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=10).SerializeToString()

def out(given, level):
    options = ort.SessionOptions(); options.graph_optimization_level = level; options.log_severity_level = 3
    kept = {k: ort.OrtValue.ortvalue_from_numpy(v) for k, v in given.items()}
    for k, v in kept.items():
        options.add_initializer(k, v)
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return float(session.run(None, {"x": np.ones((1, 2), np.float32)})[0][0, 0])

ALL, OFF = ort.GraphOptimizationLevel.ORT_ENABLE_ALL, ort.GraphOptimizationLevel.ORT_DISABLE_ALL
zero = {"w_q": np.zeros((2, 2), np.int8)}
print("file's own:", out({}, ALL), " given zeros, optimized:", out(zero, ALL), " not optimized:", out(zero, OFF))
assert (out({}, ALL), out(zero, ALL), out(zero, OFF)) == (13.0, 13.0, 1.0), "behaviour has changed"
print("onnxruntime", ort.__version__, "as described")
P
"$work/env/bin/python" "$work/probe.py"
