"""A client of the API: `Client(base_url)`. Needs NumPy and httpx2, not the engine.

with Client("http://127.0.0.1:8000") as lab:
    answer = lab.evaluate("y = sum(x * x)", inputs={"x": np.arange(3.0)})
    answer.gradients["x"]
"""

from app.client.errors import ApiError, ClientError, CutStream, Unreachable
from app.client.http import Client, Evaluated

__all__ = ["ApiError", "Client", "ClientError", "CutStream", "Evaluated", "Unreachable"]
