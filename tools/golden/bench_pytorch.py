#!/usr/bin/env python3
"""The updates of bench/forecast_bench.cpp in PyTorch: the same network, batch and loss. Needs python3-torch.

    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE tools/golden/bench_pytorch.py [--threads N]

Prints the best of the updates in processor time and the cells (columns of the batch) that makes a second.
"""
import argparse
import time

import torch

INPUTS, HIDDEN, BASES, WINDOW = 27, 48, 8, 48


def pinball(error, quantile):
    return torch.maximum(quantile * error, (quantile - 1) * error)


def bench(name, lanes, ahead, updates=15):
    lstm, head = torch.nn.LSTM(INPUTS, HIDDEN), torch.nn.Linear(HIDDEN, (BASES + 3) * ahead)
    adam = torch.optim.Adam([*lstm.parameters(), *head.parameters()])
    x, base = torch.rand(WINDOW, lanes, INPUTS), torch.rand(WINDOW, lanes, BASES, ahead)
    target = torch.rand(WINDOW, lanes, ahead)
    best = float("inf")
    for _ in range(updates):
        start = time.process_time()
        adam.zero_grad()
        runs = head(lstm(x)[0]).reshape(WINDOW, lanes, BASES + 3, ahead)
        median = (runs[:, :, :BASES] * base).sum(2) + runs[:, :, BASES]
        low = median - torch.nn.functional.softplus(runs[:, :, BASES + 1])
        high = median + torch.nn.functional.softplus(runs[:, :, BASES + 2])
        errors = pinball(target - median, 0.5)
        errors = errors + 0.5 * (pinball(target - low, 0.1) + pinball(target - high, 0.9))
        errors.mean().backward()
        adam.step()
        best = min(best, time.process_time() - start)
    print(f"{name}: {best * 1e3:.2f} ms an update, {WINDOW * lanes / best:.0f} cells/s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    torch.set_num_threads(parser.parse_args().threads)
    torch.manual_seed(1)
    bench("1 h ahead", 32, 12)
    bench("24 h ahead", 16, 48)


if __name__ == "__main__":
    main()
