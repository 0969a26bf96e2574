// What a learner changes, each change noted so that it can be taken back: text, values, and what is asked for.

import { batch, signal } from "@preact/signals-core";
import type { Nested } from "../events.ts";
import { History } from "./history.ts";
import { FIELDS, type Inputs, type Place } from "../place.ts";
import { field, place, sourceText, update } from "../state.ts";

type Work = Pick<
  Place,
  "example" | "source" | "inputs" | "output" | "gradient" | "dtype" | "device" | "wrt"
>;

const history = new History<Work>();
export const canUndo = signal(false);
export const canRedo = signal(false);

function work(): Work {
  const { example, source, inputs, output, gradient, dtype, device, wrt } = place.peek();
  return { example, source, inputs, output, gradient, dtype, device, wrt };
}

/** Edits with the same `tag`, quickly one after the other, are undone together. */
export function edit(patch: Partial<Place>, tag: string): void {
  history.record(work(), tag, performance.now());
  apply(patch);
}

/** A gesture has ended: what follows is another edit. */
export function endEdit(): void {
  history.seal();
}

function apply(patch: Partial<Place>): void {
  batch(() => {
    update(patch);
    canUndo.value = history.canUndo;
    canRedo.value = history.canRedo;
  });
}

export function undo(): void {
  apply(history.undo(work()) ?? {});
}

export function redo(): void {
  apply(history.redo(work()) ?? {});
}

export function setText(source: string, tag: string): void {
  if (source !== sourceText.peek()) edit({ source }, tag);
}

export function chooseExample(name: string): void {
  edit(
    {
      example: name,
      source: null,
      inputs: null,
      output: null,
      gradient: null,
      step: 0,
      open: FIELDS.open.initial,
      marks: FIELDS.marks.initial,
      wrt: FIELDS.wrt.initial,
      tangents: null,
      selection: null,
    },
    "example",
  );
  endEdit();
}

/** Back to the text of the example, and to its values. */
export function revert(): void {
  edit({ source: null, inputs: null, output: null, gradient: null }, "revert");
  endEdit();
}

export function setInput(name: string, value: Nested, tag = `value ${name}`): void {
  edit({ inputs: { ...field.inputs.peek(), [name]: value } }, tag);
}

export function resetInput(name: string): void {
  const { [name]: gone, ...rest } = field.inputs.peek() ?? {};
  if (gone !== undefined) edit({ inputs: orNull(rest) }, "reset");
  endEdit();
}

export function resetInputs(): void {
  edit({ inputs: null }, "reset");
  endEdit();
}

/** The text takes over a value that stood in its place. */
export function writeIntoSource(name: string, source: string): void {
  const { [name]: _, ...rest } = field.inputs.peek() ?? {};
  edit({ source, inputs: orNull(rest) }, "write");
  endEdit();
}

function orNull(inputs: Inputs): Inputs | null {
  return Object.keys(inputs).length ? inputs : null;
}
