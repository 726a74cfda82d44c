#!/usr/bin/env python3
"""Loads a model file of MPS into PyTorch's nn.LSTM and prints what it answers to a fixed input.

    tools/golden/check_safetensors.py MODEL.safetensors [--expect ANSWERS.json]

With --expect (the hidden states that our kernels gave to the same input) it compares, and exits with 1 where they differ
by more than 1e-4. Both files come from the tests:

    MPS_GOLDEN_OUT=/tmp build/release/src/forecast_test --gtest_filter='Interchange*'
    tools/golden/check_safetensors.py /tmp/model.safetensors --expect /tmp/answers.json

Needs python3-torch and nothing else: the format is read here.
"""
import argparse
import json
import struct
import sys

import torch


def read(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    out = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            raw = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32)
            out[name] = raw.reshape(entry["shape"])
    return out


def answers(tensors, prefix):
    gates, inputs = tensors[prefix + "lstm.weight_ih_l0"].shape
    lstm = torch.nn.LSTM(inputs, gates // 4)
    lstm.load_state_dict(
        {n: tensors[prefix + "lstm." + n] for n in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")}
    )
    # The same numbers as in interchange_test.cpp.
    count = 20 * inputs
    x = torch.tensor([((i * 37) % 101) / 50 - 1 for i in range(count)]).reshape(20, 1, inputs)
    with torch.no_grad():
        hidden, _ = lstm(x)
    return hidden.flatten().tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--expect")
    arguments = parser.parse_args()
    tensors = read(arguments.model)
    worst = 0.0
    for prefix in ("", "day."):
        ours = answers(tensors, prefix)
        print(f"{prefix or '(hour)'}: {len(ours)} hidden numbers, first {ours[:3]}")
        if arguments.expect:
            expected = json.load(open(arguments.expect))[prefix]
            worst = max(worst, max(abs(a - b) for a, b in zip(ours, expected, strict=True)))
    if arguments.expect:
        print(f"largest difference {worst:.2e}")
        return 1 if worst > 1e-4 else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
