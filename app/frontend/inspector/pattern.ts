// The pattern of a matrix as one path: each run of non-zero entries of a row is a box.

export function patternPath(entries: ArrayLike<number>, cols: number): string {
  const boxes: string[] = [];
  for (let start = 0; start < entries.length; start += cols) {
    const row = start / cols;
    for (let col = 0; col < cols; col++) {
      if (entries[start + col] === 0) continue;
      const first = col;
      while (col < cols && entries[start + col] !== 0) col++;
      boxes.push(`M${first} ${row}h${col - first}v1h${first - col}z`);
    }
  }
  return boxes.join("");
}
