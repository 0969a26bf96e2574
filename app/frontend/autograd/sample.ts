// A run for tests: y = x * x and two backward passes, the second of which is refused.

import type { AutogradEvent, Executed, NodeState, TensorState } from "../events.ts";

export function tensor(name: string, changes: Partial<TensorState> = {}): TensorState {
  const usual = { data: 3, shape: [], dtype: "float32", device: "cpu", requires_grad: true };
  const state = { is_leaf: true, has_grad: false, grad: null, retains_grad: false, version: 0 };
  return { name, names: [name], ...usual, ...state, saved_by: [], ...changes };
}

export function executed(step: number, changes: Partial<Executed> = {}): Executed {
  const span = { line: step, column: 1, end_line: step, end_column: 9 };
  const nothing = { tensors: [], gone: [], nodes: [], dropped: [], recording: true };
  const told = { function: "", output: "", warnings: [], ...nothing };
  return { kind: "executed", seq: step, step, span, ...told, ...changes };
}

const LEAF: NodeState = { node: 1, name: "AccumulateGrad", inputs: [], state: "leaf", bytes: 0 };
const MUL: NodeState = { node: 2, name: "MulBackward0", inputs: [1, 1], state: "held", bytes: 8 };

export const SQUARE: AutogradEvent[] = [
  executed(1, { tensors: [tensor("x", { node: 1 })], nodes: [{ ...LEAF, variable: "x" }] }),
  executed(2, {
    tensors: [tensor("y", { data: 9, is_leaf: false, grad_fn: "MulBackward0", node: 2 })],
    nodes: [MUL],
    output: "9\n",
  }),
  {
    ...{ kind: "pulled", seq: 3, step: 3, node: 2, name: "MulBackward0", bytes: 8, cotangent: 1 },
    ...{ inputs: [1, 1], parts: [3, 3], jacobians: [[[3]], [[3]]], structures: [null, null] },
  },
  executed(3, {
    tensors: [tensor("x", { node: 1, has_grad: true, grad: 6 })],
    nodes: [{ ...MUL, state: "freed", bytes: 0 }],
    output: "6\n",
  }),
  {
    ...{ kind: "stopped", seq: 5, step: 4, type: "RuntimeError", message: "A second time. No." },
    ...{ span: { line: 4, column: 1, end_line: 4, end_column: 9 }, node: 2, hint: "", params: {} },
  },
  { kind: "ended", seq: 6, steps: 4, work: 20, ok: false },
];
