// A map of the whole graph in a strip above it, where it does not fit the window: what is in view, and where the step is.
// Press or drag to look elsewhere.

import { html, nothing, render, svg } from "lit-html";
import { t } from "../i18n.ts";
import type { View } from "../scene/camera.ts";
import { boxOf, type Picture } from "./marks.ts";

const SIZE = { width: 200, height: 44, pad: 5 };
/** A window narrower than this has no room for a map. */
const NARROW = 700;

export interface Mapped {
  picture: Picture;
  view: View;
  viewport: { width: number; height: number };
  look(at: { x: number; y: number }): void;
}

/** How the graph lies on the map. */
export function mappingOf({ width, height }: { width: number; height: number }) {
  const across = (SIZE.width - 2 * SIZE.pad) / Math.max(1, width);
  const scale = Math.min(across, (SIZE.height - 2 * SIZE.pad) / Math.max(1, height));
  const [left, top] = [(SIZE.width - width * scale) / 2, (SIZE.height - height * scale) / 2];
  return { scale, left, top };
}

export function renderMap(host: HTMLElement, mapped: Mapped): void {
  const { picture, view, viewport } = mapped;
  const fits =
    picture.width * view.zoom <= viewport.width && picture.height * view.zoom <= viewport.height;
  host.hidden = fits || viewport.width < NARROW || !picture.nodes.length;
  render(host.hidden ? nothing : drawing(mapped), host);
}

function drawing({ picture, view, viewport, look }: Mapped) {
  const { scale, left, top } = mappingOf(picture);
  const to = (event: PointerEvent) => {
    if (!event.buttons) return;
    event.stopPropagation();
    const map = event.currentTarget as SVGElement;
    map.setPointerCapture(event.pointerId);
    const { x, y } = map.getBoundingClientRect();
    look({ x: (event.clientX - x - left) / scale, y: (event.clientY - y - top) / scale });
  };
  const window = {
    x: -view.x / view.zoom,
    y: -view.y / view.zoom,
    width: viewport.width / view.zoom,
    height: viewport.height / view.zoom,
  };
  return html`<svg role="img" aria-label=${t("map.label")} viewBox="0 0 ${SIZE.width} ${SIZE.height}"
    @pointerdown=${to} @pointermove=${to}><g transform="translate(${left} ${top}) scale(${scale})">
    ${picture.nodes.map((mark) => {
      const { x, y, width, height } = boxOf(mark);
      const state = mark.fault ? "fault" : mark.phase;
      return svg`<rect x=${x} y=${y} width=${width} height=${height} rx="8" data-phase=${state}></rect>`;
    })}
    <rect class="window" x=${window.x} y=${window.y} width=${window.width} height=${window.height}></rect></g></svg>`;
}
