// The search of a list that the server has written: which entries have every word, and what is left of each part.

/** Whether every word of the query is in the text. The server's search without a script is the same. */
export function matches(foundBy: string, query: string): boolean {
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => foundBy.includes(word));
}

/** Shows what the query finds; parts without any are hidden, and links to them say so. Returns the count. */
export function filter(page: ParentNode, query: string): number {
  let count = 0;
  for (const part of page.querySelectorAll<HTMLElement>("[data-chapter]")) {
    const entries = [...part.querySelectorAll<HTMLElement>("[data-found-by]")];
    for (const entry of entries) entry.hidden = !matches(entry.dataset["foundBy"]!, query);
    const shown = entries.filter((entry) => !entry.hidden).length;
    part.hidden = shown === 0;
    const link = page.querySelector(`.chapters a[href="#${part.id}"]`);
    link?.toggleAttribute("hidden", part.hidden);
    count += shown;
  }
  return count;
}

export function startSearch(page: Document): void {
  const input = page.querySelector<HTMLInputElement>("input[type=search]")!;
  const found = page.querySelector<HTMLElement>("[data-found]")!;
  const total = page.querySelectorAll("[data-found-by]").length;
  const search = () => {
    const query = input.value.trim();
    const count = filter(page, query);
    const text = found.dataset["template"]!.replace("{count}", String(count));
    found.textContent = query ? text.replace("{total}", String(total)) : "";
    page.querySelector<HTMLElement>("[data-none]")!.hidden = count > 0;
    const address = new URL(location.href);
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    if (address.href !== location.href) history.replaceState(null, "", address);
  };
  input.addEventListener("input", search);
  input.form!.addEventListener("submit", (event) => event.preventDefault());
  page.addEventListener("keydown", (event) => {
    if (event.key === "/" && !isTyping(event)) {
      event.preventDefault();
      input.select();
    }
  });
  if (input.value) search();
}

function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  return modified || (target instanceof HTMLElement && target.matches("input, textarea, select"));
}

/** Marks the chapter that is being read. */
export function followReading(page: Document): void {
  const current = (id: string) => {
    for (const link of page.querySelectorAll<HTMLAnchorElement>(".chapters a")) {
      if (link.hash === `#${id}`) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  const watcher = new IntersectionObserver(
    (entries) => {
      const reading = entries.find((entry) => entry.isIntersecting);
      if (reading) current(reading.target.id);
    },
    { rootMargin: "-200px 0px -70% 0px" },
  );
  for (const part of page.querySelectorAll("[data-chapter]")) watcher.observe(part);
}
