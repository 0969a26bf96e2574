// Wheel, drag and pinch on the canvas. Wheel pans, Ctrl+wheel and pinch zoom (a touchpad's pinch arrives as Ctrl+wheel).

export interface Ground {
  pan(x: number, y: number): void;
  zoom(factor: number, at: { x: number; y: number }): void;
  /** A press on the ground that did not become a drag. */
  press(at: { x: number; y: number }): void;
  /** The pointer over the ground; null when it leaves. */
  over(at: { x: number; y: number } | null): void;
}

interface Finger {
  x: number;
  y: number;
}

export function listenToGround(stage: HTMLElement, host: HTMLElement, ground: Ground): void {
  const local = ({ clientX, clientY }: MouseEvent): Finger => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  listenToWheel(stage, ground, local);
  listenToFingers(host, ground, local);
}

type Local = (event: MouseEvent) => Finger;

function listenToWheel(stage: HTMLElement, ground: Ground, local: Local): void {
  const wheel = (event: WheelEvent) => {
    if ((event.target as HTMLElement).closest("[data-own-wheel]")) return;
    event.preventDefault();
    if (!event.ctrlKey && !event.metaKey) ground.pan(-event.deltaX, -event.deltaY);
    else ground.zoom(Math.exp(-event.deltaY * 0.01), local(event));
  };
  stage.addEventListener("wheel", wheel, { passive: false });
}

function listenToFingers(host: HTMLElement, ground: Ground, local: Local): void {
  const fingers = new Map<number, Finger>();
  let moved = false;
  host.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (!fingers.size) moved = false;
    fingers.set(event.pointerId, local(event));
    host.setPointerCapture(event.pointerId);
  });
  host.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    const now = local(event);
    if (!before) return ground.over(event.target === host ? now : null);
    if (!moved && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
    moved = true;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) ground.zoom(distance(now, other) / distance(before, other), middle(now, other));
    else ground.pan(now.x - before.x, now.y - before.y);
    fingers.set(event.pointerId, now);
  });
  host.addEventListener("pointerleave", () => ground.over(null));
  const lift = (event: PointerEvent) => {
    if (fingers.delete(event.pointerId) && !moved && event.type === "pointerup")
      ground.press(local(event));
  };
  host.addEventListener("pointerup", lift);
  host.addEventListener("pointercancel", lift);
}

function distance(a: Finger, b: Finger): number {
  return Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
}

function middle(a: Finger, b: Finger): Finger {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
