/** What the checks need to know of a Markdown document. */
import { dirname, join } from 'node:path/posix';
import { linesOf, textOf } from './project-files.ts';

const FENCE = /^ {0,3}(```|~~~)[^\n]*\n[\s\S]*?^ {0,3}\1[^\n]*$/gm;

/** The document without its blocks of code, as many lines long as before. */
export const proseOf = (path: string): string =>
  textOf(path).replaceAll(FENCE, (block) => block.replaceAll(/[^\n]/g, ''));

/** The blocks of code in a language. */
export const codeBlocks = (path: string, language: string): string[] =>
  [...textOf(path).matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  );

/** Headings of a level: 1 for the title. */
export const headingsOf = (path: string, level: number): string[] =>
  linesOf(proseOf(path)).flatMap((line) =>
    line.startsWith(`${'#'.repeat(level)} `) ? [line.slice(level + 1)] : [],
  );

/** What stands under a heading of the second level. */
export function sectionOf(path: string, heading: string): string {
  const sections = textOf(path).split(/^## /m);
  return sections.find((section) => section.startsWith(`${heading}\n`)) ?? '';
}

/** The anchor that GitHub makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** The anchors of a document. */
export const anchorsOf = (path: string): Set<string> =>
  new Set([1, 2, 3, 4].flatMap((level) => headingsOf(path, level)).map(anchorOf));

export interface Link {
  readonly line: number;
  readonly target: string;
  /** Path from the root; the document itself for a link to one of its own sections. */
  readonly path: string;
  readonly anchor: string | undefined;
}

const LINK = /\]\(([^()\s]+)\)/g;

/** Links to other files of the project and to sections. */
export function linksOf(path: string): Link[] {
  return linesOf(proseOf(path)).flatMap((text, index) =>
    [...text.matchAll(LINK)].flatMap(([, target = '']) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [file = '', anchor] = target.split('#');
      const resolved = file === '' ? path : join(dirname(path), file);
      return [{ line: index + 1, target, path: resolved, anchor }];
    }),
  );
}

/** Rows of all tables of a text, as their cells; head rows and rules left out. */
export function tableRows(text: string): string[][] {
  const rows = linesOf(text).map((line) => (line.startsWith('|') ? line : undefined));
  return rows.flatMap((row, index) => {
    const isHead = rows[index + 1]?.match(/^\|[\s:|-]+\|$/) != null;
    if (row === undefined || isHead || /^\|[\s:|-]+\|$/.test(row)) return [];
    return [
      row
        .slice(1, row.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    ];
  });
}

/** Words in code style. */
export const codeWords = (text: string): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);
