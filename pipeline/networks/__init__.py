"""Pretrained networks that ONNX Runtime runs: their weights, their graphs, what is done to an image before."""
