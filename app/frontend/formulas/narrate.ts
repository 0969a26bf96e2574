// One sentence for each step: a message id and its parameters, each both as plain text and as TeX.

import { adjointSymbol, idOf, jacobianSymbol, symbolOf, termSymbol } from "./equation.ts";
import type { EdgeName, GraphEdge, Tensor } from "../events.ts";
import { number, numberTex, scalarOf, shapeText } from "../format.ts";
import type { Params } from "../i18n.ts";
import { signs } from "./notation.ts";
import type { Program } from "../trace/program.ts";
import { edgeKey, type Frame } from "../timeline.ts";

export interface Term {
  text: string;
  /** Null where the text is all there is to see. */
  tex: string | null;
}

export interface Sentence {
  key: string;
  terms: Record<string, Term>;
  counts: Params;
}

const word = (text: string): Term => ({ text, tex: null });

function nodeTerm(program: Program, name: string): Term {
  return { text: name, tex: symbolOf(program, name) };
}

function adjointTerm(program: Program, name: string): Term {
  return { text: signs().adjointText(idOf(program, name)), tex: adjointSymbol(program, name) };
}

function jacobianTerm(program: Program, edge: EdgeName): Term {
  const [from, to] = [idOf(program, edge.from), idOf(program, edge.to)];
  return { text: signs().jacobianText(from, to), tex: jacobianSymbol(program, edge) };
}

function productTerm(program: Program, edge: EdgeName): Term {
  return {
    text: `${adjointTerm(program, edge.to).text}·${jacobianTerm(program, edge).text}`,
    tex: termSymbol(program, edge),
  };
}

/** A number, or the shape of what is too large to be said. */
export function valueTerm(tensor: Tensor): Term {
  const scalar = scalarOf(tensor);
  if (scalar !== null) return { text: number(scalar), tex: numberTex(scalar) };
  return word(shapeText(tensor.shape));
}

/** Scalars and arrays are told differently: "is 15" and "is a vector of shape 3". */
function told(key: string, tensor: Tensor): string {
  return scalarOf(tensor) !== null ? key : `${key}.array`;
}

/** What is broadcast into a node, each with how often its entries are used. */
function stretchedTerm(program: Program, name: string): Term | null {
  const edges = (program.inputs.get(name) ?? []).filter((edge) => edge.stretched > 1);
  const said = (write: (edge: GraphEdge) => string) => edges.map(write).join(", ");
  return edges.length
    ? {
        text: said(({ from, stretched }) => `${from} (× ${stretched})`),
        tex: said(({ from, stretched }) => `${symbolOf(program, from)}\\,(\\times ${stretched})`),
      }
    : null;
}

/** What an edge is told with: where its node is broadcast, that too. */
function along(program: Program, edge: EdgeName, key: string, counts: Params = {}) {
  const times = program.edges.get(edgeKey(edge))!.stretched;
  return { key: times > 1 ? `${key}.stretched` : key, counts: { ...counts, times } };
}

type Teller = (program: Program, frame: Frame) => Sentence;
const sentence = (
  key: string,
  terms: Record<string, Term> = {},
  counts: Params = {},
): Sentence => ({ key, terms, counts });

const TELLERS: { [K in Frame["event"]["kind"]]: Teller } = {
  graph: (program) =>
    sentence("narrate.graph", {}, { nodes: program.nodes.size, edges: program.edges.size }),
  value(program, { event }) {
    if (event.kind !== "value") return sentence("");
    const node = program.nodes.get(event.node)!;
    const terms = {
      node: nodeTerm(program, event.node),
      value: valueTerm(event.value),
      formula: word(formulaText(node.source)),
    };
    const kind = node.op === "leaf" || node.op === "const" ? node.op : "computed";
    const key = told(`narrate.value.${kind}`, event.value);
    const stretched = stretchedTerm(program, event.node);
    return stretched ? sentence(`${key}.stretched`, { ...terms, stretched }) : sentence(key, terms);
  },
  jacobian(program, { event }) {
    if (event.kind !== "jacobian") return sentence("");
    const scalar = event.dense ? scalarOf(event.dense) : null;
    const terms = {
      from: nodeTerm(program, event.edge.from),
      to: nodeTerm(program, event.edge.to),
      jacobian: jacobianTerm(program, event.edge),
      value:
        scalar === null
          ? word(shapeText(event.shape))
          : { text: number(scalar), tex: numberTex(scalar) },
    };
    const total = event.shape.reduce((product, size) => product * size, 1);
    if (scalar !== null) return sentence("narrate.jacobian", terms);
    const { key, counts } = along(program, event.edge, "narrate.jacobian.array", {
      nonzero: event.nonzero,
      total,
    });
    return sentence(key, terms, counts);
  },
  seed(program, { event }) {
    if (event.kind !== "seed") return sentence("");
    const terms = {
      node: nodeTerm(program, event.node),
      adjoint: adjointTerm(program, event.node),
      value: valueTerm(event.value),
    };
    return sentence(told("narrate.seed", event.value), terms);
  },
  term(program, { event }) {
    if (event.kind !== "term") return sentence("");
    const terms = {
      node: nodeTerm(program, event.node),
      user: nodeTerm(program, event.via.to),
      product: productTerm(program, event.via),
      value: valueTerm(event.value),
    };
    const { key, counts } = along(program, event.via, told("narrate.term", event.value));
    return sentence(key, terms, counts);
  },
  accumulate(program, { event }) {
    if (event.kind !== "accumulate") return sentence("");
    const terms = {
      node: nodeTerm(program, event.node),
      adjoint: adjointTerm(program, event.node),
      value: valueTerm(event.value),
    };
    const key = event.missing ? "narrate.accumulate" : "narrate.accumulate.last";
    return sentence(told(key, event.value), terms, { count: event.missing });
  },
  adjoint(program, { event }) {
    if (event.kind !== "adjoint") return sentence("");
    const terms = {
      node: nodeTerm(program, event.node),
      adjoint: adjointTerm(program, event.node),
      value: valueTerm(event.value),
    };
    const key = program.users.get(event.node)?.length
      ? "narrate.adjoint"
      : "narrate.adjoint.output";
    return sentence(told(key, event.value), terms);
  },
  tangent(program, { event }) {
    if (event.kind !== "tangent") return sentence("");
    return sentence(told("narrate.tangent", event.value), {
      node: nodeTerm(program, event.node),
      value: valueTerm(event.value),
    });
  },
  finished(program, { event }) {
    if (event.kind !== "finished") return sentence("");
    const nodes = [...program.nodes.values()];
    const reached = nodes.filter((node) => node.reached && node.op !== "const").length;
    return sentence(
      "narrate.finished",
      {},
      { nodes: nodes.length, reached, edges: program.edges.size, symbol: signs().word },
    );
  },
  failed: () => sentence("narrate.failed"),
};

export function narrate(program: Program, frame: Frame): Sentence {
  return TELLERS[frame.event.kind](program, frame);
}

/** The right-hand side of a statement. */
export function formulaText(source: string): string {
  const at = source.search(/(?<![=<>!])=(?!=)/);
  return (at < 0 ? source : source.slice(at + 1)).trim();
}
