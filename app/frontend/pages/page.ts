// What every page but the laboratory does beside being read: the theme, and a language switch that keeps the place.

type Theme = "light" | "dark";

const YEAR = 365 * 24 * 3600;

/** Kept in a cookie, so that the server can paint the next page in it from the start. */
export function rememberTheme(theme: Theme): void {
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
}

export function themeOf(root: HTMLElement): Theme {
  const chosen = root.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function startPage(root: HTMLElement): void {
  const button = root.querySelector<HTMLButtonElement>("[data-theme-switch]")!;
  const label = () => {
    const other = themeOf(root) === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", button.dataset[other]!);
    button.title = button.dataset[other]!;
    button.dataset["to"] = other;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const other = themeOf(root) === "dark" ? "light" : "dark";
    root.dataset["theme"] = other;
    rememberTheme(other);
    label();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
  label();
  keepPlace(root.querySelectorAll<HTMLAnchorElement>("a.language"));
}

/** The other language shows the same part of the same search. */
function keepPlace(links: Iterable<HTMLAnchorElement>): void {
  for (const link of links) {
    const aim = () => {
      const query = new URLSearchParams(location.search);
      query.set("lang", link.hreflang);
      link.href = `?${query}${location.hash}`;
    };
    link.addEventListener("pointerdown", aim);
    link.addEventListener("click", aim);
  }
}
