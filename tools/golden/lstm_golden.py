#!/usr/bin/env python3
"""Makes src/forecast/testdata/lstm_golden.inc: what PyTorch says of the network in src/forecast/network.h.

An nn.LSTM, a linear head, and the quantile loss of kernels.h, all in double: outputs, loss, the gradient of every
weight, and the losses of ten steps of Adam. Needs python3-torch. Run it from anywhere; it writes the file itself.
"""
import pathlib

import torch

INPUTS, HIDDEN, STEPS, BATCH, AHEAD, BASES = 3, 5, 6, 2, 2, 3
BAND_SHARE = 0.5  # kBandShare


def pinball(error, quantile):
    return torch.maximum(quantile * error, (quantile - 1) * error)


def quantiles(out, base):
    """out: (T, B, (K + 3) * S); base: (T, B, K * S)."""
    runs = out.reshape(STEPS, BATCH, BASES + 3, AHEAD)
    median = (runs[:, :, :BASES] * base.reshape(STEPS, BATCH, BASES, AHEAD)).sum(2) + runs[:, :, BASES]
    below = torch.nn.functional.softplus(runs[:, :, BASES + 1])
    above = torch.nn.functional.softplus(runs[:, :, BASES + 2])
    return median - below, median, median + above


def loss_of(network, data):
    hidden, _ = network["lstm"](data["x"], (data["h0"], data["c0"]))
    p10, p50, p90 = quantiles(network["head"](hidden), data["base"])
    error = data["target"]
    each = pinball(error - p50, 0.5) + BAND_SHARE * (pinball(error - p10, 0.1) + pinball(error - p90, 0.9))
    return (data["weight"] * each).sum(), hidden, (p10, p50, p90)


def main():
    torch.manual_seed(4)
    torch.set_default_dtype(torch.float64)
    network = torch.nn.ModuleDict(
        {"lstm": torch.nn.LSTM(INPUTS, HIDDEN), "head": torch.nn.Linear(HIDDEN, (BASES + 3) * AHEAD)}
    )
    with torch.no_grad():
        network["lstm"].bias_hh_l0.zero_()  # ours has one bias
    weight = torch.rand(STEPS, BATCH, AHEAD)
    weight[2, 1, 0] = 0  # an unknown outcome
    data = {
        "x": torch.randn(STEPS, BATCH, INPUTS),
        "h0": torch.randn(1, BATCH, HIDDEN) / 2,
        "c0": torch.randn(1, BATCH, HIDDEN) / 2,
        "base": torch.randn(STEPS, BATCH, BASES * AHEAD),
        "target": torch.randn(STEPS, BATCH, AHEAD),
        "weight": weight,
    }
    names = ["lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "head.weight", "head.bias"]
    parameters = dict(network.named_parameters())
    arrays = {"weights": torch.cat([parameters[n].detach().flatten() for n in names])}
    arrays.update({name: value.clone() for name, value in data.items()})

    loss, hidden, (p10, p50, p90) = loss_of(network, data)
    loss.backward()
    arrays.update({"hidden": hidden, "p10": p10, "p50": p50, "p90": p90})
    arrays["gradient"] = torch.cat([parameters[n].grad.flatten() for n in names])

    # bias_hh stays out of the training: with it, the sum of the two biases would move twice as fast.
    optimizer = torch.optim.Adam([parameters[n] for n in names], lr=0.02)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss, _, _ = loss_of(network, data)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    arrays["losses"] = torch.stack(losses)

    lines = [
        f"// Made by tools/golden/lstm_golden.py with PyTorch {torch.__version__.split('+')[0]}; do not edit.",
        f"constexpr size_t kInputCount = {INPUTS}, kHiddenCount = {HIDDEN}, kStepCount = {STEPS}, kBatchCount = {BATCH};",
        f"constexpr size_t kAheadCount = {AHEAD}, kBaseCount = {BASES};",
    ]
    for name, value in arrays.items():
        numbers = ", ".join(f"{v:.17g}" for v in value.detach().flatten().tolist())
        camel = "".join(part.capitalize() for part in name.split("_"))
        lines.append(f"constexpr double kGolden{camel}[] = {{{numbers}}};")
    out = pathlib.Path(__file__).resolve().parents[2] / "src/forecast/testdata/lstm_golden.inc"
    out.parent.mkdir(exist_ok=True)
    out.write_text("\n".join(lines) + "\n")
    print(f"wrote {out}")


if __name__ == "__main__":
    main()
