import assert from "node:assert/strict";
import { test } from "node:test";
import { faceOf } from "./cells.ts";
import { aligned, columnWidth, fitNumber, widthOf } from "./fit.ts";
import { number } from "../format.ts";
import { golden } from "../trace/golden.ts";
import { ledgerRow } from "./ledger.ts";
import { faceSize, METRICS, sizesOf } from "./size.ts";
import { frameAt, stepCount } from "../timeline.ts";

const AWKWARD = [
  0,
  -0,
  1,
  -1,
  15,
  1 / 3,
  -1 / 3,
  0.0898374,
  -0.0898374,
  123456.789,
  -999999.4,
  1e6,
  -1.2345e-7,
  -0.0012345,
  5e-324,
  -1.7976931348623157e308,
  1234.5678,
  NaN,
  Infinity,
  -Infinity,
];

test("a number that fits is written as everywhere", () => {
  for (const x of AWKWARD) assert.equal(fitNumber(x, 100, 0.7).text, number(x));
});

test("no number is wider than its room, whatever it is", () => {
  for (const x of AWKWARD) {
    for (const room of [2.75, 3, 3.6, 5]) {
      const { text, fit } = fitNumber(x, room, 0.7);
      assert.ok(widthOf(text) * fit <= room, `${text} in ${room} em`);
      assert.ok(fit > 0.4, `${text} would be set too small`);
    }
  }
});

test("decimal points of a column meet", () => {
  const column = ["0.5", "−0.3333", "12", "−4.25"];
  const points = column.map((text, row) => {
    const at = text.includes(".") ? text.indexOf(".") : text.length;
    return aligned(column)[row]! - widthOf(text) / 2 + widthOf(text.slice(0, at));
  });
  for (const point of points) assert.ok(Math.abs(point - points[0]!) < 0.005);
  assert.ok(columnWidth(column) >= Math.max(...column.map(widthOf)));
});

test("a column with an exponent, or with what is no number, stays in the middle", () => {
  assert.deepEqual(aligned(["1.5×10⁻⁷", "2"]), [0, 0]);
  assert.deepEqual(aligned(["NaN", "2.5"]), [0, 0]);
});

test("a card, an edge and a cell agree on every number that they have room for", () => {
  const metrics = METRICS.study;
  const scalar = (x: number) => ({ shape: [], dtype: "float64", data: x });
  for (const x of [15, 0.0898374, 123456.789, -0.33333, 1234.5678]) {
    const chip = { kind: "map" as const, rows: 1, cols: 1, height: 18, em: metrics.type.chip };
    const faces = [
      faceOf(scalar(x), [], faceSize([], metrics), 1),
      faceOf(scalar(x), [], { ...chip, width: metrics.chip[0] - 10 }, 1),
      faceOf({ shape: [2], dtype: "float64", data: [x, 1] }, [2], faceSize([2], metrics), 1),
    ];
    const texts = faces.map((face) =>
      face.kind === "number" ? face.text : face.kind === "grid" ? face.cells[0]!.text : "",
    );
    assert.deepEqual(texts, [number(x), number(x), number(x)]);
  }
});

test("a line of a ledger never takes more than the width of its card", () => {
  const { events, program } = golden("worked-example");
  const sizes = sizesOf(
    program,
    () => "",
    METRICS.study,
    () => 40,
  );
  const frame = frameAt(events, stepCount(events));
  for (const huge of [1, -123456.789, -1.2345e-7, -1.7976931348623157e308]) {
    const value = { shape: [1, 1], dtype: "float64", data: [[huge]] };
    const awkward = {
      ...frame,
      adjointOf: () => ({ kind: "adjoint" as const, seq: 0, node: "", value }),
      termOf: () => ({ ...events.find((event) => event.kind === "term")!, value }),
    } as typeof frame;
    for (const edge of program.users.get("u2")!) {
      const row = ledgerRow({ program, frame: awkward, scale: 1, sizes }, edge);
      assert.equal(row.face.kind, "number");
      if (row.face.kind !== "number") return;
      const product = row.product === null ? 0 : widthOf(row.product) * 14 * 0.92;
      const used = product + widthOf(row.face.text) * row.face.fit * 14;
      assert.ok(used <= sizes.cards.get("u2")!.width - 46, `${huge}: ${used}`);
      assert.equal(row.product === null, Math.abs(huge) !== 1);
    }
  }
});
