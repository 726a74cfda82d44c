type Cell = number | null | undefined;

// A server that sends less often than the graph has cells leaves most of them empty: those are not gaps. Empty cells
// between two values that lie no further apart than twice the usual become undefined, which lines are drawn across;
// longer runs stay null, which breaks a line.
export function withoutFalseGaps(values: (number | null)[]): Cell[] {
  const known = values.flatMap((v, i) => (v === null ? [] : [i]));
  const distances = known.slice(1).map((i, k) => i - (known[k] ?? 0));
  const usual = [...distances].sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1;
  if (usual === 1) return values;
  const cells: Cell[] = [...values];
  distances.forEach((distance, k) => {
    const from = (known[k] ?? 0) + 1;
    if (distance <= 2 * usual) cells.fill(undefined, from, from + distance - 1);
  });
  return cells;
}
