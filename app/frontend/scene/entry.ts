// One entry of a tensor that one points at, by pointer or by key, and the entries that light up with it.

import { signal } from "@preact/signals-core";
import type { Lit } from "./cells.ts";

export interface Pointed {
  what: "value" | "adjoint" | "jacobian" | "tangent";
  /** The node it belongs to; of a local Jacobian, the one whose entry the row is. */
  node: string;
  /** The edge of a local Jacobian. */
  edge: string | null;
  /** The key of the sheet it was pointed at on. */
  sheet: string;
  row: number;
  col: number;
  name: string;
  value: number | null;
}

export const pointed = signal<Pointed | null>(null);

/** The same once the pointer rests: only then is it worth asking the server. */
export const rested = signal<Pointed | null>(null);

/** Entries of values that stand out, by node, and of local Jacobians, by edge. */
export type Lights = ReadonlyMap<string, ReadonlyMap<number, Lit>>;
export const lights = signal<Lights>(new Map());
