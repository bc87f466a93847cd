const gap = '  ';

/** Rows of text in aligned columns, two spaces in and apart; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map(
      (row) =>
        gap +
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join(gap)
          .trimEnd(),
    )
    .join('\n');
}
