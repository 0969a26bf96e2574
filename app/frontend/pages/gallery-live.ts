// What moves in the gallery: one graph that runs, and a small picture of each example that comes into view.

import { LANGUAGES, setCatalogue } from "../i18n.ts";
import { miniatureOf, renderMiniature } from "./miniature.ts";
import { startShow } from "./show.ts";
import { fetchCatalogue, fetchGraph, fetchTrace } from "../wire.ts";

/** The step that a still picture shows: two terms on their way to one sum. */
const TELLING = 16;

export async function runShow(page: Document): Promise<void> {
  const show = page.querySelector<HTMLElement>("[data-show]")!;
  const program = page.querySelector<HTMLElement>("[data-program]")!;
  const language = LANGUAGES.find((one) => one === page.documentElement.lang) ?? "en";
  const request = { source: program.dataset["program"]!, output: program.dataset["output"]! };
  const [catalogue, events] = await Promise.all([
    fetchCatalogue(language),
    fetchTrace(request, new AbortController().signal, () => undefined),
  ]);
  setCatalogue(language, catalogue);
  const part = (name: string) => show.querySelector<HTMLElement>(`[data-${name}]`)!;
  part("said").textContent = "";
  const control = await startShow(
    {
      picture: part("scene"),
      controls: part("controls"),
      said: part("said"),
      lines: [...program.querySelectorAll<HTMLElement>("[data-line]")],
    },
    events,
  );
  show.dataset["ready"] = "true";
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) control.seek(TELLING);
  else playInView(show, control);
}

/** Plays while it can be seen, until the reader stops it. */
function playInView(show: HTMLElement, control: { play(): void; pause(): void }): void {
  let stopped = false;
  let playing = false;
  show.addEventListener("click", () => (stopped = true), { capture: true });
  show.addEventListener("input", () => (stopped = true), { capture: true });
  new IntersectionObserver(([entry]) => {
    if (stopped || entry!.isIntersecting === playing) return;
    playing = entry!.isIntersecting;
    if (playing) control.play();
    else control.pause();
  }).observe(show);
}

/** Two at a time: a page of examples must not keep the engine from its other readers. */
const AT_ONCE = 2;

export function drawPictures(page: Document): void {
  const waiting: HTMLElement[] = [];
  let running = 0;
  const next = () => {
    const host = running < AT_ONCE ? waiting.shift() : undefined;
    if (!host) return;
    running++;
    void draw(host).finally(() => {
      running--;
      next();
    });
    next();
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        waiting.push(target as HTMLElement);
      }
      next();
    },
    { rootMargin: "200px" },
  );
  for (const host of page.querySelectorAll(".small")) watcher.observe(host);
}

async function draw(host: HTMLElement): Promise<void> {
  const { source, output } = host.dataset as { source: string; output: string };
  const graph = await fetchGraph({ source, output });
  renderMiniature(host, miniatureOf(graph));
}
