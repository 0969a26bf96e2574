// Two windows of one lecture, the projected and the speaker's, kept alike through the browser: whatever changes in
// one is told to the other. Each has its own copy of the place in its address, so either survives a reload.

import { batch, effect, signal } from "@preact/signals-core";
import { pause, play, setClock } from "../panels/actions.ts";
import type { Place } from "../place.ts";
import { blanked, place, playing, speed, update } from "../state.ts";

type Role = "projector" | "speaker";

/** Each window has its own look, and its own part of the picture in view. */
const OWN: ReadonlySet<keyof Place> = new Set(["theme", "mode", "view", "embed", "hide"]);

interface Shared {
  place: Partial<Place>;
  playing: boolean;
  speed: number;
  blanked: boolean;
}

type Message = { kind: "hello" | "bye" } | { kind: "state"; state: Shared };

/** Whether the other window is there. */
export const connected = signal(false);

const KEY = "backprop-lab.lecture";

/** What the windows of this lecture call each other; a new name only where one is wanted. */
export function pairName(wanted: boolean): string | null {
  try {
    const known = sessionStorage.getItem(KEY);
    if (known || !wanted) return known;
    const name = crypto.randomUUID?.() ?? String(Math.random());
    sessionStorage.setItem(KEY, name);
    return name;
  } catch {
    // A browser that keeps nothing has one lecture at a time.
    return wanted ? "lecture" : null;
  }
}

function shared(): Shared {
  const common = Object.entries(place.value).filter(([name]) => !OWN.has(name as keyof Place));
  return {
    place: Object.fromEntries(common),
    playing: playing.value,
    speed: speed.value,
    blanked: blanked.value,
  };
}

function apply(state: Shared, role: Role): void {
  batch(() => {
    update(state.place);
    speed.value = state.speed;
    blanked.value = state.blanked;
    // Time runs in the projected window alone.
    if (role === "speaker") playing.value = state.playing;
    else if (state.playing !== playing.peek()) (state.playing ? play : pause)();
  });
}

export function startSync(name: string, role: Role): void {
  const channel = new BroadcastChannel(`${KEY}.${name}`);
  const send = (message: Message) => channel.postMessage(message);
  let known = "";
  effect(() => {
    const state = shared();
    const text = JSON.stringify(state);
    if (text === known) return;
    const first = known === "";
    known = text;
    if (!first) send({ kind: "state", state });
  });
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    connected.value = data.kind !== "bye";
    if (data.kind === "hello") send({ kind: "state", state: shared() });
    if (data.kind !== "state") return;
    known = JSON.stringify(data.state);
    apply(data.state, role);
  };
  if (role === "speaker") effect(() => setClock(!connected.value));
  addEventListener("pagehide", () => send({ kind: "bye" }));
  send({ kind: "hello" });
}
