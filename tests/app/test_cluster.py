"""Finding a cluster before anything is asked of it; its answers are in test_evaluators."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from app.evaluators.cluster import reach


def test_a_cluster_that_answers_is_reached_by_either_form_of_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as head:
        port = head.getsockname()[1]
        reach(f"127.0.0.1:{port}")
        reach(f"ray://127.0.0.1:{port}")


def test_the_cluster_of_this_machine_is_left_to_ray_to_find() -> None:
    reach("auto")


def test_a_cluster_that_does_not_answer_is_named_with_the_remedy() -> None:
    with pytest.raises(ConnectionError, match=r"no Ray cluster answers at 127\.0\.0\.1:1: .*start"):
        reach("127.0.0.1:1")


def test_a_server_without_its_cluster_does_not_start() -> None:
    told = {"BACKPROP_LAB_EVALUATOR": "ray", "BACKPROP_LAB_RAY_ADDRESS": "127.0.0.1:1"}
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "serve", "--port", "0"],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("backprop-lab: no Ray cluster answers at 127.0.0.1:1")
