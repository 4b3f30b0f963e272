/** Figures as people read them. */

const CENTS_BELOW = 100;

/** Dollars: with cents while they matter. */
export const dollars = (usd: number): string => {
  const digits = Math.abs(usd) < CENTS_BELOW ? 2 : 0;
  return usd.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

/** Three digits that count. */
export const figure = (value: number): string =>
  value.toLocaleString('en-US', {
    maximumFractionDigits: value !== 0 && Math.abs(value) < 100 ? 2 : 0,
  });

/** Part of a hundred. */
export const percent = (share: number): string =>
  `${(share * 100).toLocaleString('en-US', { maximumFractionDigits: share < 0.1 ? 1 : 0 })}%`;

/** Rows as lines of columns: the first `words` columns to the left, figures to the right. */
export function figureTable(rows: readonly (readonly string[])[], words: number): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    column < words ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

/** The same as a table of Markdown. */
export function markdownTable(rows: readonly (readonly string[])[], words: number): string {
  const [head = [], ...body] = rows;
  const rule = head.map((_, column) => (column < words ? '---' : '---:'));
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
