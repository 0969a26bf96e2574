// The formula of a step, in symbols and with this step's numbers; it stands beside the node it belongs to.

import type { EdgeName, JacobianEvent, Tensor } from "../events.ts";
import { scalarOf } from "../format.ts";
import { signs } from "./notation.ts";
import type { Program } from "../trace/program.ts";
import { operandTex, substitute, tensorTex } from "./tex.ts";
import { edgeKey, type Frame } from "../timeline.ts";

/** Signs of a row that a result may have, and a factor of a product. */
const RESULT = { rows: 4, signs: 28 };
const FACTOR = { rows: 3, signs: 18 };

export function symbolOf(program: Program, name: string): string {
  return program.nodes.get(name)?.symbol ?? `\\text{${name}}`;
}

export function idOf(program: Program, name: string): number | string {
  return program.nodes.get(name)?.id ?? "";
}

/** `tall`: on a line of its own, where a fraction has room. */
export function adjointSymbol(program: Program, name: string, tall = false): string {
  return signs().adjoint(idOf(program, name), tall);
}

export function jacobianSymbol(program: Program, edge: EdgeName, tall = false): string {
  const [from, to] = [idOf(program, edge.from), idOf(program, edge.to)];
  return signs().jacobian(from, to, tall) + twinMark(program, edge);
}

export function termSymbol(program: Program, edge: EdgeName, tall = false): string {
  const [from, to] = [idOf(program, edge.from), idOf(program, edge.to)];
  return signs().term(from, to, tall) + twinMark(program, edge);
}

/** Two edges between the same nodes are told apart by the argument. */
function twinMark(program: Program, edge: EdgeName): string {
  const twin = program.inputs
    .get(edge.to)
    ?.some((other) => other.from === edge.from && other.slot !== edge.slot);
  return twin ? `{}^{(${edge.slot + 1})}` : "";
}

export function symbolic(program: Program, formula: string): string {
  return substitute(formula, (name) => symbolOf(program, name));
}

/** The formula with numbers in it; null where a value is missing or too large to be written out. */
export function numeric(program: Program, frame: Frame, formula: string): string | null {
  let complete = true;
  const tex = substitute(formula, (name) => {
    const value = frame.valueOf(name);
    const written = value && tensorTex(value.value);
    if (!written) complete = false;
    return written ? operandTex(written) : symbolOf(program, name);
  });
  return complete ? tex : null;
}

/** Joins what is known of a chain of equalities, leaving out repetitions. */
function chain(...links: (string | null | undefined)[]): string {
  const said: string[] = [];
  for (const link of links) {
    if (link && said.at(-1)?.replaceAll(/[{}\s]/g, "") !== link.replaceAll(/[{}\s]/g, ""))
      said.push(link);
  }
  return said.join(" = ");
}

export function valueEquation(program: Program, frame: Frame, name: string): string {
  const node = program.nodes.get(name)!;
  const value = frame.valueOf(name);
  const formula = node.formula && node.op !== "const" ? node.formula : "";
  return chain(
    node.symbol,
    formula && symbolic(program, formula),
    formula && value ? numeric(program, frame, formula) : null,
    value && tensorTex(value.value),
  );
}

export function jacobianEquation(program: Program, frame: Frame, edge: EdgeName): string {
  const found = frame.jacobianOf(edgeKey(edge));
  const formula = program.edges.get(edgeKey(edge))?.formula ?? "";
  const scalar = found?.dense && scalarOf(found.dense) !== null;
  return chain(
    jacobianSymbol(program, edge, true),
    `\\dfrac{\\partial ${symbolOf(program, edge.to)}}{\\partial ${symbolOf(program, edge.from)}}`,
    formula && symbolic(program, formula),
    formula && found && scalar ? numeric(program, frame, formula) : null,
    found && denseTex(found),
  );
}

function denseTex(jacobian: JacobianEvent): string | null {
  return jacobian.dense ? tensorTex(jacobian.dense, RESULT) : null;
}

/** P_k J with its numbers: the product is written out where it is short. */
export function termEquation(program: Program, frame: Frame, edge: EdgeName): string {
  const term = frame.termOf(edgeKey(edge));
  return chain(
    termSymbol(program, edge, true),
    productTex(frame, edge),
    term && tensorTex(term.value, RESULT),
  );
}

export function productTex(frame: Frame, edge: EdgeName): string | null {
  const adjoint = frame.adjointOf(edge.to);
  const jacobian = frame.jacobianOf(edgeKey(edge))?.dense;
  if (!adjoint || !jacobian) return null;
  const left = tensorTex(adjoint.value, FACTOR);
  const right = tensorTex(jacobian, FACTOR);
  if (!left || !right) return null;
  const scalars = scalarOf(adjoint.value) !== null && scalarOf(jacobian) !== null;
  return scalars ? `${operandTex(left)} \\cdot ${operandTex(right)}` : `${left}\\,${right}`;
}

/** P_i = Σ P_k J: terms that have not arrived yet stand as a dash. */
export function sumEquation(program: Program, frame: Frame, name: string): string {
  const edges = program.users.get(name) ?? [];
  const total = frame.adjointOf(name)?.value ?? frame.sumOf(name)?.value;
  const arrived = edges.map((edge) => frame.termOf(edgeKey(edge)));
  const numbers = arrived.map((term) => (term ? tensorTex(term.value, RESULT) : "\\square"));
  const written =
    edges.length > 1 &&
    edges.length <= 4 &&
    numbers.every(Boolean) &&
    fits(arrived.map((t) => t?.value));
  const whole = Boolean(frame.adjointOf(name)) || frame.sumOf(name)?.missing === 0;
  const terms =
    edges.length > 4
      ? `\\sum_{k} ${signs().term(idOf(program, name), "k", true)}`
      : edges.map((edge) => termSymbol(program, edge, true)).join(" + ");
  const result = total && tensorTex(total, RESULT);
  return chain(
    adjointSymbol(program, name, true),
    terms,
    written ? numbers.map((number) => operandTex(number!)).join(" + ") : null,
    whole ? result : null,
  );
}

const dotted = (program: Program, name: string) => `\\dot{${symbolOf(program, name)}}`;

/** The tangent of a node is the sum, over its inputs, of J times theirs. */
export function tangentEquation(program: Program, frame: Frame, name: string): string {
  const edges = program.inputs.get(name) ?? [];
  const result = frame.tangentOf(name)?.value;
  const written = result && tensorTex(result, RESULT);
  if (!edges.length || edges.length > 4) return chain(dotted(program, name), written);
  const terms = edges.map(
    (edge) => `${jacobianSymbol(program, edge, true)} \\, ${dotted(program, edge.from)}`,
  );
  const pairs = edges.map((edge) => [
    frame.jacobianOf(edgeKey(edge))?.dense,
    frame.tangentOf(edge.from)?.value,
  ]);
  const scalars = pairs.every((pair) =>
    pair.every((factor) => factor && scalarOf(factor) !== null),
  );
  const numbers = pairs.map((pair) =>
    pair.map((factor) => operandTex(tensorTex(factor!)!)).join(" \\cdot "),
  );
  return chain(
    dotted(program, name),
    terms.join(" + "),
    scalars ? numbers.join(" + ") : null,
    written,
  );
}

/** Whether the terms of a sum can be written side by side. */
function fits(terms: (Tensor | undefined)[]): boolean {
  return terms.reduce((sum, term) => sum + (term?.shape.at(-1) ?? 1), 0) <= 8;
}

export function seedEquation(program: Program, frame: Frame, name: string): string {
  const value = frame.event.kind === "seed" ? frame.event.value : frame.adjointOf(name)?.value;
  const identity = value && isIdentity(value);
  const written = value && tensorTex(value, RESULT);
  return chain(adjointSymbol(program, name, true), identity ? "I" : "v^{\\mathsf T}", written);
}

export function isIdentity(tensor: Tensor): boolean {
  if (!Array.isArray(tensor.data)) return false;
  return tensor.data.every(
    (row, i) =>
      Array.isArray(row) &&
      row.length === tensor.shape[0] &&
      row.every((entry, j) => entry === Number(i === j)),
  );
}

/** What the plate says at this step, and what it is tied to. */
export interface Plate {
  tex: string;
  node: string | null;
  edge: string | null;
  jacobian: JacobianEvent | null;
}

export function plateOf(program: Program, frame: Frame): Plate | null {
  const { event } = frame;
  if (event.kind === "jacobian") {
    const tex = jacobianEquation(program, frame, event.edge);
    return { tex, node: null, edge: edgeKey(event.edge), jacobian: event };
  }
  const tex = nodeEquation(program, frame);
  return tex !== null && "node" in event
    ? { tex, node: event.node, edge: null, jacobian: null }
    : null;
}

function nodeEquation(program: Program, frame: Frame): string | null {
  const { event } = frame;
  switch (event.kind) {
    case "value":
      return valueEquation(program, frame, event.node);
    case "seed":
      return seedEquation(program, frame, event.node);
    case "term":
      return termEquation(program, frame, event.via);
    case "accumulate":
      return sumEquation(program, frame, event.node);
    case "adjoint":
      return program.users.get(event.node)?.length
        ? sumEquation(program, frame, event.node)
        : seedEquation(program, frame, event.node);
    case "tangent":
      return tangentEquation(program, frame, event.node);
    default:
      return null;
  }
}
