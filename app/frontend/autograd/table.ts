// The tensors that the snippet has names for, one a row, with what PyTorch says of each.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { math } from "../canvas/face.ts";
import type { TensorState } from "../events.ts";
import { t } from "../i18n.ts";
import type { Snapshot } from "./run.ts";
import { none, value } from "./values.ts";

/** What the table needs to know beside the tensors. */
export interface Setting {
  symbols: boolean;
  indices: ReadonlyMap<number, number>;
  pointed: number | null;
  point(node: number | null): void;
}

interface Column {
  /** The attribute, as PyTorch calls it. */
  field: keyof TensorState;
  head: string;
  cell(tensor: TensorState): TemplateResult | string;
}

const truth = (flag: boolean) =>
  html`<span class="truth" data-flag=${flag}>${flag ? "True" : "False"}</span>`;

const COLUMNS: readonly Column[] = [
  { field: "data", head: "data", cell: ({ data }) => value(data) },
  {
    field: "shape",
    head: "shape",
    cell: ({ shape }) => (shape.length ? `[${shape.join(", ")}]` : "[]"),
  },
  { field: "dtype", head: "dtype", cell: ({ dtype }) => dtype },
  { field: "device", head: "device", cell: ({ device }) => device },
  { field: "requires_grad", head: "requires_grad", cell: (tensor) => truth(tensor.requires_grad) },
  { field: "is_leaf", head: "is_leaf", cell: (tensor) => truth(tensor.is_leaf) },
  { field: "grad", head: "grad", cell: ({ has_grad, grad }) => (has_grad ? value(grad) : none) },
  { field: "grad_fn", head: "grad_fn", cell: ({ grad_fn }) => grad_fn ?? none },
  { field: "version", head: "_version", cell: ({ version }) => String(version) },
];

/** What each attribute is in the tutorial's words. */
const SYMBOL: Partial<Record<keyof TensorState, string>> = {
  data: "u_i",
  shape: "d_i",
  grad: "P_i",
  grad_fn: "f_i",
  is_leaf: "i \\in L",
};

export function renderTable(host: HTMLElement, now: Snapshot, setting: Setting): void {
  const rows = now.tensors.map((tensor) => row(tensor, now, setting));
  render(
    html`<table class="tensors">
      <thead><tr><th scope="col">${t("ag.table.name")}</th>${COLUMNS.map((column) => head(column, setting))}<th scope="col">${t("ag.table.saved")}</th></tr></thead>
      <tbody>${rows}</tbody>
    </table>${rows.length ? nothing : html`<p class="empty">${t("ag.table.empty")}</p>`}`,
    host,
  );
  reveal(host);
}

/** What the step changed is in view, where there are more tensors than room. */
function reveal(host: HTMLElement): void {
  const changed = host.querySelector<HTMLElement>("tr:has([data-fresh])");
  if (!changed || host.scrollHeight <= host.clientHeight) return;
  const head = host.querySelector("thead")!.offsetHeight;
  const [top, bottom] = [changed.offsetTop - head, changed.offsetTop + changed.offsetHeight];
  if (top < host.scrollTop) host.scrollTop = top;
  if (bottom > host.scrollTop + host.clientHeight) host.scrollTop = bottom - host.clientHeight;
}

function head({ field, head: name }: Column, { symbols }: Setting): TemplateResult {
  const symbol = symbols ? SYMBOL[field] : undefined;
  return html`<th scope="col" data-field=${field} title=${t(`ag.attribute.${field}`)}>${symbol ? html`<span class="symbol">${math(symbol)}</span> ` : nothing}<code>${name}</code></th>`;
}

function row(tensor: TensorState, now: Snapshot, setting: Setting): TemplateResult {
  const fresh = now.fresh.get(tensor.name);
  const node = tensor.node ?? null;
  const lit = node !== null && node === setting.pointed;
  return html`<tr data-tensor=${tensor.name} ?data-lit=${lit} ?data-new=${fresh?.has("name") ?? false}
    @pointerenter=${() => setting.point(node)} @pointerleave=${() => setting.point(null)}>
    <th scope="row">${index(node, setting)}<code>${tensor.names.join(" = ")}</code></th>
    ${COLUMNS.map((column) => cell(column, tensor, fresh))}
    <td data-field="saved_by" ?data-fresh=${fresh?.has("saved_by") ?? false}>${savers(tensor, now)}</td></tr>`;
}

function index(
  node: number | null,
  { symbols, indices }: Setting,
): TemplateResult | typeof nothing {
  const place = node === null ? undefined : indices.get(node);
  return symbols && place ? html`<span class="symbol">${math(`u_{${place}}`)}</span> ` : nothing;
}

function cell(
  column: Column,
  tensor: TensorState,
  fresh: ReadonlySet<string> | undefined,
): TemplateResult {
  const also = column.field === "grad" ? "has_grad" : "name";
  const changed = fresh?.has(column.field) || fresh?.has(also);
  return html`<td data-field=${column.field} ?data-fresh=${changed ?? false}>${column.cell(tensor)}</td>`;
}

/** The steps that keep it for the backward pass, by name. */
function savers({ saved_by }: TensorState, { nodes }: Snapshot): TemplateResult | string {
  const names = saved_by.flatMap((node) => {
    const keeper = nodes.get(node);
    return keeper?.state === "held" ? [keeper.name] : [];
  });
  return names.length ? html`<span class="savers">${names.join(", ")}</span>` : "–";
}
