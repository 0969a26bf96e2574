// How the code editor looks: the page's own colours and sizes, which reach into the shadow root.

import { EditorView } from "@codemirror/view";

const wavy = {
  backgroundImage: "none",
  textDecoration: "underline wavy var(--danger) 1.5px",
  textUnderlineOffset: "4px",
  textDecorationSkipInk: "none",
  backgroundColor: "color-mix(in oklab, var(--danger) 13%, transparent)",
  borderRadius: "2px",
  paddingBottom: "0",
};

const box = {
  border: "1px solid var(--border)",
  borderRadius: "var(--radius-m)",
  backgroundColor: "var(--raised)",
  color: "var(--ink)",
  boxShadow: "var(--shadow-3)",
  fontFamily: "var(--sans)",
  fontSize: "13px",
};

const text = {
  "&": { color: "var(--ink)", backgroundColor: "transparent", maxHeight: "var(--editor-height)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    font: "400 var(--editor-size, 13px)/var(--editor-line, 20px) var(--mono)",
    scrollbarWidth: "thin",
    overscrollBehavior: "contain",
  },
  ".cm-content": {
    padding: "8px 0",
    minHeight: "116px",
    caretColor: "var(--ink)",
    fontVariantLigatures: "none",
  },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--ink-3)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": {
    minWidth: "34px",
    padding: "0 6px 0 0",
    fontSize: "max(11px, 0.75em)",
  },
  ".cm-cursor": { borderLeft: "2px solid var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "color-mix(in oklab, var(--forward) 24%, transparent)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in oklab, var(--forward) 18%, transparent)",
    outline: "1px solid color-mix(in oklab, var(--forward) 50%, transparent)",
  },
  "&.cm-focused .cm-nonmatchingBracket": { color: "var(--danger)", backgroundColor: "transparent" },
};

const words = {
  ".tok-number": { color: "var(--forward)" },
  ".tok-call, .tok-keyword": { color: "var(--heat-neg)" },
  ".tok-keyword": { fontWeight: "600" },
  ".tok-string": { color: "var(--heat-pos)" },
  ".tok-operator, .tok-comment": { color: "var(--ink-3)" },
  ".tok-comment": { fontStyle: "italic" },
};

const lines = {
  ".active-line": {
    backgroundColor: "color-mix(in oklab, var(--forward) 11%, transparent)",
    boxShadow: "inset 3px 0 0 var(--forward)",
  },
  ".lit-line": {
    outline: "1.5px solid color-mix(in oklab, var(--ink) 55%, transparent)",
    outlineOffset: "-2px",
    borderRadius: "4px",
  },
  ".cm-lintRange-error": wavy,
  ".cm-lintPoint::after": { borderBottomColor: "var(--danger)" },
};

const popups = {
  ".cm-tooltip": box,
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    maxHeight: "236px",
    minWidth: "220px",
    scrollbarWidth: "thin",
    padding: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    gap: "10px",
    padding: "2px 8px",
    lineHeight: "20px",
    borderRadius: "var(--radius-s)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--forward)",
    color: "var(--surface)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": {
    marginLeft: "auto",
    paddingLeft: "12px",
    fontStyle: "normal",
    fontSize: "12px",
    opacity: "0.75",
    maxWidth: "230px",
    overflow: "hidden",
    textOverflow: "ellipsis",
  },
  ".cm-tooltip.cm-completionInfo": { ...box, padding: "0", maxWidth: "300px", margin: "0 6px" },
  ".note": { padding: "8px 12px", maxWidth: "340px", lineHeight: "1.45" },
  ".note code": { font: "600 12px/1.5 var(--mono)", overflowWrap: "anywhere" },
  ".note p": { margin: "3px 0 0", color: "var(--ink-2)" },
  ".cm-diagnostic": {
    padding: "8px 12px",
    borderLeft: "3px solid var(--danger)",
    maxWidth: "340px",
  },
  ".cm-tooltip-lint": { padding: "0", listStyle: "none" },
};

export const theme = EditorView.theme({ ...text, ...words, ...lines, ...popups });
