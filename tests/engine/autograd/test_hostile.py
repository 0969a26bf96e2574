"""Snippets that mean harm: refused before they run, or stopped within the budget, quickly."""

from __future__ import annotations

import gc
import resource
import time

import pytest

from engine.autograd import Ended, Event, Executed, Stopped, run
from engine.errors import EngineError

SNEAKY = {
    "class_of_a_number": "print((1).__class__)",
    "subclasses": "().__class__.__bases__[0].__subclasses__()",
    "class_of_a_tensor": "torch.tensor(1.0).__class__",
    "globals_of_a_function": "def f():\n    pass\nf.__globals__",
    "code_of_a_function": "(lambda: 0).__code__",
    "data_of_a_tensor": "torch.tensor(1.0)._data",
    "builtins": "__builtins__",
    "import_function": "__import__('os')",
    "getattr_by_name": "getattr(torch, 'tensor')",
    "eval_of_text": "eval('1 + 1')",
    "exec_of_text": "exec('x = 1')",
    "open_a_file": "open('/etc/passwd')",
    "globals_function": "globals()",
    "vars_function": "vars(torch)",
    "import_os": "import os",
    "import_os_path": "from os import path",
    "import_relative": "from . import secrets",
    "import_star": "from torch import *",
    "import_of_numpys_inside": "import numpy.core",
    "numpy_load": "import numpy as np\nnp.load('x')",
    "inside_of_an_array": "torch.ones(2).numpy().base",
    "memory_of_an_array": "torch.ones(2).numpy().ctypes",
    "load_a_file": "torch.load('x.pt')",
    "save_a_file": "torch.save(1, 'x.pt')",
    "jit": "torch.jit.script(1)",
    "ops_namespace": "torch._C",
    "a_class_of_a_number": "class A(int):\n    pass",
    "a_metaclass": "class A(metaclass=type):\n    pass",
    "a_class_of_an_error": "class A(Exception):\n    pass",
    "looking_up_by_a_method": "class A:\n    def __getattribute__(self, n):\n        return 1",
    "class_of_an_object": "class A:\n    pass\nA().__class__.__bases__",
    "dict_of_an_object": "class A:\n    pass\nA().__dict__",
    "mro_of_a_class": "class A:\n    pass\nA.__mro__",
    "names_of_an_object": "class A:\n    pass\nA().names",
    "record_of_a_layer": "nn.Linear(1, 1).weights",
    "step_of_a_context": "class F(torch.autograd.Function):\n    @staticmethod\n"
    "    def forward(ctx, x):\n        return ctx.step\nF.apply(torch.ones(1))",
    "a_loop_in_a_class": "class A:\n    while True:\n        pass",
    "yielding": "def f():\n    yield 1",
    "awaiting": "async def f():\n    pass",
    "format_reaches_inside": "'{0.__class__}'.format(1)",
    "format_reaches_items": "'{0[0]}'.format([1])",
    "format_in_an_f_string": "f'{(1).__class__}'",
    "error_internals": "try:\n    1 / 0\nexcept Exception as e:\n    e.__traceback__",
    "grad_fn_internals": "x = torch.ones(1, requires_grad=True)\n(x * 2).grad_fn.plan",
    "module_of_a_layer": "nn.Linear(1, 1).__dict__",
    "optimizer_internals": "torch.optim.SGD([torch.ones(1)], lr=1).memory",
    "iterator_internals": "iter([1])",
    "type_with_three_arguments": "type('A', (), {})",
    "dunder_name_in_a_function": "def f(__x):\n    return __x\nf(1).__init__",
    "a_method_of_text": "'a'.__mod__(1)",
    "encode": "'a'.encode()",
    "list_of_a_dict_method": "{}.__setitem__(1, 2)",
}
BOMBS = {
    "endless_loop": "while True:\n    pass",
    "long_loop": "x = 0\nfor i in range(10 ** 12):\n    x += 1",
    "loops_in_loops": "[0 for a in range(10000) for b in range(10000)]",
    "endless_comprehension": "sum(1 for _ in range(10 ** 9))",
    "endless_recursion": "def f(x):\n    return f(x)\nf(1)",
    "recursion_of_lambdas": "f = lambda f: f(f)\nf(f)",
    "large_tensor": "torch.zeros(100000, 100000)",
    "large_random_tensor": "torch.randn(10 ** 10)",
    "large_eye": "torch.eye(10 ** 6)",
    "large_arange": "torch.arange(10 ** 12)",
    "large_linspace": "torch.linspace(0, 1, 10 ** 12)",
    "large_layer": "nn.Linear(100000, 100000)",
    "large_outer_product": "x = torch.ones(10000)\nx.outer(x)",
    "large_broadcast": "x = torch.ones(100000)\nx.unsqueeze(1) + x",
    "large_expand_and_clone": "torch.ones(1).expand(10 ** 9).clone()",
    "large_repeat": "torch.ones(10).repeat(10 ** 9)",
    "large_cat": "x = torch.ones(100000)\nfor i in range(30):\n    x = torch.cat([x, x])",
    "many_tensors": "xs = []\nfor i in range(1000):\n    xs.append(torch.zeros(200000))",
    "large_pad": "F.pad(torch.ones(1), (10 ** 9, 0))",
    "large_randperm": "torch.randperm(10 ** 10)",
    "large_kron": "x = torch.ones(400, 400)\ntorch.kron(x, x)",
    "large_full": "torch.full((10 ** 5, 10 ** 5), 1.0)",
    "large_list": "[0] * 10 ** 10",
    "large_text": "'a' * 10 ** 10",
    "doubling_text": "s = 'a'\nfor i in range(100):\n    s = s + s",
    "doubling_list": "s = [1]\nfor i in range(100):\n    s += s",
    "doubling_by_extend": "s = [1]\nfor i in range(100):\n    s.extend(s)",
    "large_number": "10 ** 10 ** 10",
    "growing_number": "x = 3\nfor i in range(100):\n    x = x * x",
    "shifted_number": "1 << 10 ** 10",
    "number_of_text": "int('9' * 10000) ** 1000",
    "wide_format": "f'{1:1000000000}'",
    "wide_format_of_a_method": "'{:1000000000}'.format(1)",
    "wide_percent": "'%1000000000d' % 1",
    "wide_percent_star": "'%*d' % (1000000000, 1)",
    "wide_justify": "'a'.ljust(10 ** 10)",
    "wide_join": "('a' * 50000).join(['b'] * 50000)",
    "replacing": "('a' * 50000).replace('a', 'b' * 50000)",
    "list_of_a_range": "list(range(10 ** 12))",
    "tuple_of_a_range": "tuple(range(10 ** 12))",
    "print_forever": "for i in range(1500):\n    print('a' * 1000)",
    "shared_lists_printed": "a = []\nfor i in range(60):\n    a = [a, a]\nprint(a)",
    "shared_lists_compared": (
        "a, b = [], []\nfor i in range(60):\n    a, b = [a, a], [b, b]\na == b"
    ),
    "shared_tuple_as_a_key": "a = (1,)\nfor i in range(60):\n    a = (a, a)\n{a: 1}",
    "list_in_itself_printed": "a = []\na.append(a)\nprint(a)",
    "deep_brackets": "(" * 5000 + "1" + ")" * 5000,
    "deep_signs": "-" * 20000 + "1",
    "deep_not": "not " * 4000 + "1",
    "long_sum": "x = " + "+".join(["1"] * 9000),
    "deep_attributes": "torch" + ".nn" * 5000,
    "deep_calls": "x = torch" + ".t()" * 3000,
    "deep_blocks": "".join(" " * i + "if 1:\n" for i in range(120)) + " " * 120 + "pass",
    "long_source": "x = 1\n" * 100000,
    "nested_f_strings": "f'{" * 30 + "1" + "}'" * 30,
    "hooks_that_call_backward": (
        "x = torch.ones(1, requires_grad=True)\n"
        "def h(g):\n    with torch.enable_grad():\n        y = x * 2\n"
        "    y.register_hook(h)\n    y.backward()\n"
        "y = x * 2\ny.register_hook(h)\ny.backward()"
    ),
    "a_list_that_grows_while_read": "a = [1]\nfor x in a:\n    a.append(x)",
    "a_map_of_a_map": (
        "m = range(10 ** 9)\nfor i in range(30):\n    m = map(lambda x: x, m)\nsum(m)"
    ),
    "tolist_again_and_again": "x = torch.zeros(100000)\nys = [x.tolist() for i in range(10000)]",
    "hessian_of_many": (
        "torch.autograd.functional.hessian(lambda x: (x ** 3).sum(), torch.ones(50000))"
    ),
    "long_backward": "x = torch.ones(1, requires_grad=True)\ny = x\nwhile True:\n    y = y * 2",
    "a_try_that_swallows": (
        "while True:\n    try:\n        torch.ones(2)[5]\n    except Exception:\n        pass"
    ),
    "a_finally_that_goes_on": (
        "def f():\n    try:\n        return 1\n    finally:\n        f()\nf()"
    ),
    "random_bounds": "torch.randint(0, 10, (10 ** 5, 10 ** 5))",
    "objects_that_call_themselves": (
        "class A:\n    def __call__(self):\n        return self()\nA()()"
    ),
    "a_text_of_itself": "class A:\n    def __repr__(self):\n        return f'{self}'\nprint(A())",
    "a_layer_in_itself": "n = nn.Sequential()\nn.a = n\nprint(n)",
    "many_objects": (
        "class A:\n    def __init__(self):\n        self.x = torch.zeros(200000)\n"
        "xs = [A() for i in range(1000)]"
    ),
    "layers_without_end": "xs = []\nwhile True:\n    xs.append(nn.Linear(400, 400))",
    "array_too_large": "import numpy as np\nnp.zeros((10 ** 5, 10 ** 5))",
    "array_range": "import numpy as np\nnp.arange(10 ** 12)",
    "array_linspace": "import numpy as np\nnp.linspace(0, 1, 10 ** 12)",
    "array_broadcast": "import numpy as np\na = np.ones((10 ** 5, 1))\na + a.T",
    "array_products": "import numpy as np\na = np.ones((400, 400))\nwhile True:\n    a = a @ a",
    "arrays_kept": "import numpy as np\nxs = []\nwhile True:\n    xs.append(np.zeros(200000))",
    "printed_digits": "torch.set_printoptions(precision=10 ** 9)\nprint(torch.ones(2))",
    "printed_whole": (
        "torch.set_printoptions(threshold=10 ** 9, linewidth=1)\nprint(torch.rand(250000))"
    ),
    "printed_whole_often": (
        "torch.set_printoptions(profile='full', precision=16)\n"
        "while True:\n    print(torch.rand(200000))"
    ),
    "one_hot_of_many": "F.one_hot(torch.arange(100000), 10 ** 9)",
    "counts_of_large": "torch.bincount(torch.tensor([10 ** 9]))",
    "condition_broadcast": "torch.where(torch.ones(10000, 1) > 0, torch.ones(1, 10000), 0.0)",
    "bits_broadcast": "torch.ones(10000, 1).long() & torch.ones(1, 10000).long()",
    "shifted_far": "1 << 10 ** 6",
    "method_that_prints_itself": (
        "class A:\n    def __repr__(self):\n        return repr(self)\nprint(A())"
    ),
    "method_of_long_text": (
        "class A:\n    def __repr__(self):\n        return 'a' * 10 ** 9\nprint(A())"
    ),
    "width_from_a_name": "w = '9' * 9\nf'{1:{w}}'",
    "width_computed": "f'{1:>{10 ** 9}}'",
    "precision_of_a_format": "f'{1.5:.999999999f}'",
    "sorting_nested": "a = [1]\nfor i in range(50):\n    a = [a, a]\nsorted([a, a])",
}


STRANGE = {
    "half_a_character": "print('\\ud800')",
    "half_a_character_in_a_name": "x = {'\\udfff': 1}\nx['a']",
    "a_nul": "print('a\\x00b')",
    "a_nul_in_the_source": "print('a\x00b')",
    "text_from_right_to_left": "print('\u202eabc')",
    "sign_from_right_to_left": "x\u202e = 1",
    "a_byte_order_mark": "\ufeffx = 1",
    "a_very_long_name": "a" * 19000 + " = 1",
    "many_arguments": "print(" + ",".join(["1"] * 9000) + ")",
    "many_comparisons": "x = " + "1<" * 5000 + "2",
    "a_tensor_that_is_its_own_grad": (
        "x = torch.ones(1, requires_grad=True)\nx.grad = x\nprint(x.grad.grad)"
    ),
    "a_list_within_itself_as_an_index": "a = [0]\na.append(a)\ntorch.ones(3)[a]",
    "a_list_within_itself_as_data": "a = [1]\na.append(a)\ntorch.tensor(a)",
    "a_number_too_large": "torch.tensor([1]) + 10 ** 30",
    "an_index_too_large": "torch.ones(3)[10 ** 30]",
    "a_step_of_zero": "torch.ones(3)[::0]",
    "a_seed_of_text": "torch.Generator().manual_seed('a')",
    "a_threshold_of_text": "torch.set_printoptions(threshold='a')\nprint(torch.ones(3))",
}


def outcome(source: str) -> tuple[list[Event], EngineError | None]:
    """The events, or the error before them."""
    try:
        return list(run(source)), None
    except EngineError as error:
        return [], error


@pytest.mark.parametrize("name", SNEAKY)
def test_what_reaches_outside_is_refused(name: str) -> None:
    events, error = outcome(SNEAKY[name])
    if error is not None:
        assert error.code.startswith("autograd.")
        return
    failed = next(event for event in events if isinstance(event, Stopped))
    assert failed.code is not None or failed.type in ("NameError", "AttributeError")


@pytest.mark.parametrize("name", STRANGE)
def test_strange_text_and_values_end_with_an_answer_that_can_be_told(name: str) -> None:
    events, error = outcome(STRANGE[name])
    if error is not None:
        assert error.code.startswith("autograd.")
        return
    assert isinstance(events[-1], Ended)
    told = "".join(getattr(event, "output", getattr(event, "message", "")) for event in events)
    assert not any("\ud800" <= letter <= "\udfff" for letter in told)


@pytest.mark.parametrize("name", BOMBS)
def test_what_takes_too_much_is_stopped(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    events, error = outcome(BOMBS[name])
    if error is not None:
        assert error.code.startswith("autograd.")
    else:
        assert isinstance(events[-1], Ended) and not events[-1].ok
        assert sum(len(event.output) for event in events if isinstance(event, Executed)) <= 110_000
    assert time.process_time() - begun < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # KiB


def test_nothing_of_a_snippet_that_failed_stays_behind() -> None:
    held = []
    for _ in range(4):
        for source in (SNEAKY | STRANGE).values():
            outcome(source)
        gc.collect()
        held.append(len(gc.get_objects()))
    assert held[-1] - held[1] < 50
