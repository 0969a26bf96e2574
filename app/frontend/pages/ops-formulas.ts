// The formulas of a page that the server has written as TeX, typeset when they come near the window.

import { typeset } from "../formulas/tex.ts";

export function typesetInView(page: Document): void {
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        for (const place of target.querySelectorAll<HTMLElement>("[data-tex]")) show(place);
      }
    },
    { rootMargin: "600px" },
  );
  for (const part of page.querySelectorAll("article")) watcher.observe(part);
}

function show(place: HTMLElement): void {
  place.innerHTML = typeset(place.dataset["tex"]!);
  place.removeAttribute("data-tex");
}
