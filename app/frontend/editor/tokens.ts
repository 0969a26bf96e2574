// The words of a line, for colouring: what the text means is the server's to say.

export interface Piece {
  text: string;
  kind: "comment" | "string" | "keyword" | "call" | "name" | "number" | "space" | "operator";
}

export const KEYWORDS = [
  "False",
  "None",
  "True",
  "and",
  "as",
  "def",
  "elif",
  "else",
  "for",
  "from",
  "if",
  "import",
  "in",
  "not",
  "or",
  "pass",
  "return",
] as const;

/** Words of Python that the language of the laboratory lacks. */
const PYTHON = ["assert", "break", "continue", "del", "except", "finally", "global", "is"];
PYTHON.push("lambda", "nonlocal", "raise", "try", "while", "with");

const NAME = String.raw`[\p{L}_][\p{L}\p{M}\p{N}_]*`;
const TOKEN = new RegExp(
  [
    String.raw`(#[^\n]*)`,
    String.raw`("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)`,
    String.raw`((?:${[...KEYWORDS, ...PYTHON].join("|")})(?![\p{L}\p{M}\p{N}_]))`,
    String.raw`(${NAME}(?:\.${NAME})*(?=\s*\())`,
    `(${NAME})`,
    String.raw`((?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)`,
    String.raw`(\s+)`,
    "(.)",
  ].join("|"),
  "gu",
);
const KINDS = [
  "comment",
  "string",
  "keyword",
  "call",
  "name",
  "number",
  "space",
  "operator",
] as const;

export function tokens(line: string): Piece[] {
  return [...line.matchAll(TOKEN)].map((match) => ({
    text: match[0],
    kind: KINDS[match.slice(1).findIndex((group) => group !== undefined)]!,
  }));
}

/** The names that statements bind in these lines, the last binding first. */
export function boundNames(lines: readonly string[]): string[] {
  const bound = new RegExp(
    String.raw`^\s*(?:def\s+|for\s+)?(${NAME}(?:\s*,\s*${NAME})*)\s*(?::[^=]*)?(?:[-+*/@]|\*\*|//)?=(?!=)|^\s*(?:def|for)\s+(${NAME}(?:\s*,\s*${NAME})*)`,
    "u",
  );
  const found = lines.flatMap((line) => {
    const match = bound.exec(line);
    return (match?.[1] ?? match?.[2] ?? "").split(",").map((name) => name.trim());
  });
  return [...new Set(found.filter(Boolean).reverse())];
}
