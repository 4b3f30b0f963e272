/** House rules for documents: what they say of the code is what the code says. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path/posix';
import { TRANSITIONS, type TransitionName } from '../../lib/domain/transitions.ts';
import { anchorsOf, codeBlocks, codeWords, headingsOf, linksOf, proseOf, tableRows } from './markdown.ts';
import { DOCUMENTS, FILES, filesIn, linesOf, SOURCES, textOf } from './project-files.ts';

export function brokenLinks(): string[] {
  return DOCUMENTS.flatMap((document) =>
    linksOf(document).flatMap(({ line, target, path, anchor }) => {
      if (!existsSync(path)) return [`${document}:${line} links to ${target}, which is not there`];
      if (anchor === undefined || !path.endsWith('.md') || anchorsOf(path).has(anchor)) return [];
      return [`${document}:${line} links to ${target}, but ${path} has no such section`];
    }),
  );
}

/** A path from the root; one with a placeholder or a pattern in it names no file. */
const PATH = /^(bin|lib|lambdas|test|docs)\/[\w./-]+$/;

const isThere = (path: string): boolean => {
  const plain = path.replace(/\/$/, '');
  return FILES.some((file) => file === plain || file.startsWith(`${plain}/`));
};

export function missingPaths(): string[] {
  return [...DOCUMENTS, ...SOURCES].flatMap((file) =>
    codeWords(file.endsWith('.md') ? proseOf(file) : textOf(file))
      .filter((word) => PATH.test(word) && !isThere(word))
      .map((word) => `${file} names ${word}, which is not there; name what is`),
  );
}

/** Absolute paths of somebody's machine. */
const MACHINE_PATH = /(?<![\w.$}/-])\/(?:home|root|Users|work|workspaces?)\/[\w.-]+/;

export function machinePaths(): string[] {
  return FILES.filter((path) => path !== 'package-lock.json').flatMap((path) =>
    linesOf(textOf(path)).flatMap((line, index) => {
      const [found] = MACHINE_PATH.exec(line) ?? [];
      const here = line.includes(process.cwd()) ? process.cwd() : undefined;
      const named = found ?? here;
      return named === undefined ? [] : [`${path}:${index + 1} names ${named}, a path of one machine`];
    }),
  );
}

const ADR_FOLDER = 'docs/adr';
const ADR_INDEX = `${ADR_FOLDER}/README.md`;
/** The parts of a decision record (MADR), in order. */
const ADR_SECTIONS = ['Context', 'Options', 'Decision', 'Consequences'];

const adrFiles = (): string[] => filesIn(ADR_FOLDER).filter((path) => path !== ADR_INDEX);

export function adrFaults(): string[] {
  const links = linksOf(ADR_INDEX).map(({ path }) => path);
  const numbered = adrFiles().map((path, index) => {
    const number = String(index + 1).padStart(4, '0');
    return basename(path).startsWith(`${number}-`) ? [] : [`${path} must be number ${number}: leave no gap`];
  });
  const sections = adrFiles().flatMap((path) => {
    const found = headingsOf(path, 2).join(', ');
    return found === ADR_SECTIONS.join(', ') ? [] : [`${path} has the sections ${found}`];
  });
  const titles = tableRows(textOf(ADR_INDEX)).map(([, title]) => title);
  const untitled = adrFiles().filter((path) => !titles.includes(headingsOf(path, 1)[0]));
  const unlisted = adrFiles().filter((path) => !links.includes(path));
  return [
    ...numbered.flat(),
    ...sections,
    ...unlisted.map((path) => `${path} is missing in ${ADR_INDEX}`),
    ...untitled.map((path) => `${ADR_INDEX} must call ${path} by its title`),
  ];
}

/** Sections of a release in the changelog, in order; one without entries is left out. */
const CHANGELOG_SECTIONS = ['Safety', 'Features', 'Operations', 'Internals'];

export function changelogFaults(version: string): string[] {
  const [latest = ''] = headingsOf('CHANGELOG.md', 2);
  const odd = headingsOf('CHANGELOG.md', 3).filter((heading) => !CHANGELOG_SECTIONS.includes(heading));
  return [
    ...(latest.startsWith(version) || latest === 'Unreleased'
      ? []
      : [`CHANGELOG.md starts with ${latest}; it needs a section ${version} or Unreleased`]),
    ...odd.map((heading) => `CHANGELOG.md: put ${heading} under one of ${CHANGELOG_SECTIONS.join(', ')}`),
  ];
}

const STATE_MACHINE = 'docs/state-machine.md';

/** The transitions of the chart: from and to by name, each state once. */
export function chartedTransitions(): Record<string, { from: string[]; to: string[] }> {
  const charted: Record<string, { from: string[]; to: string[] }> = {};
  for (const line of codeBlocks(STATE_MACHINE, 'mermaid').flatMap(linesOf)) {
    const [, from = '', to = '', name = ''] = /^\s+(\w+) --> (\w+): (\w+)$/.exec(line) ?? [];
    if (name === '') continue;
    const known = charted[name] ?? { from: [], to: [] };
    charted[name] = {
      from: [...new Set([...known.from, from])].sort(),
      to: [...new Set([...known.to, to])].sort(),
    };
  }
  return charted;
}

/** The transitions as the chart must show them. */
export const declaredTransitions = (): Record<string, { from: string[]; to: string[] }> =>
  Object.fromEntries(
    Object.entries(TRANSITIONS).map(([name, { from, to }]) => [
      name,
      { from: [...from].sort(), to: [...to].sort() },
    ]),
  );

/** Rows of the table of transitions. */
export const tabledTransitions = (): string[][] =>
  tableRows(textOf(STATE_MACHINE))
    .filter((cells) => cells.length === 5)
    .map((cells) => cells.map((cell) => codeWords(cell).join(' ')));

/** The rows that the table must have. */
export const declaredRows = (): string[][] =>
  (Object.keys(TRANSITIONS) as TransitionName[]).map((name) => {
    const { from, to, expiry, refusal } = TRANSITIONS[name];
    return [name, from.join(' '), to.join(' '), expiry, refusal];
  });
