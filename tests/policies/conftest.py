"""What all tests of policies share: torch computes in one thread, as in training."""

import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """On these small batches more threads only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
