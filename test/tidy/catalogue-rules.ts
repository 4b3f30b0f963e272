/** House rules for what stands in two places: in the code for programs, in a document for people. */
import { INDEXES } from '../../lib/config/table.ts';
import { OUTCOME_PROBLEMS } from '../../lib/contracts/outcome-problems.ts';
import { PROBLEMS } from '../../lib/contracts/problems.ts';
import { codeWords, sectionOf, tableRows } from './markdown.ts';
import { textOf } from './project-files.ts';
import { nodesOf, type SyntaxNode, wordOf } from './syntax.ts';

/** The table of `docs/errors.md`: code, status, meaning, whether to try again, what to do. */
export const documentedProblems = (): string[][] =>
  tableRows(textOf('docs/errors.md'))
    .filter((cells) => cells.length === 5)
    .map(([code = '', ...cells]) => [codeWords(code).join(' '), ...cells]);

/** What the table must say, in order of precedence. */
export const declaredProblems = (): string[][] =>
  Object.entries(PROBLEMS).map(([code, { status, meaning, retryable, action }]) => [
    code,
    String(status),
    meaning,
    retryable ? 'yes' : 'no',
    action,
  ]);

const isOutcome = (code: string): code is keyof typeof OUTCOME_PROBLEMS => code in OUTCOME_PROBLEMS;

/** Codes of the domain's rejections, in the order of their union. What a request itself can be is left out. */
export function rejectionCodes(): string[] {
  const alias = nodesOf('lib/domain/rejection.ts').find(
    ({ node }) => node.type === 'TsTypeAliasDeclaration' && wordOf(node['id']) === 'Rejection',
  );
  const union = alias?.node['typeAnnotation'] as { readonly types?: readonly SyntaxNode[] } | undefined;
  const codes = (union?.types ?? []).map(
    (member) => /"value":"(\w+)","raw"/.exec(JSON.stringify(member))?.[1],
  );
  return codes.filter((code) => code !== undefined).filter(isOutcome);
}

/** Codes that a use case can answer with, in order of precedence. */
export const outcomeCodes = (): string[] =>
  Object.keys(OUTCOME_PROBLEMS).filter((code) => code !== 'internal_error');

const DATA_MODEL = 'docs/data-model.md';

/** Methods of the store that use cases call. */
function storeMethods(): string[] {
  const store = nodesOf('lib/application/store-port.ts').find(
    ({ node }) => node.type === 'TsInterfaceDeclaration' && wordOf(node['id']) === 'Store',
  );
  const { body = [] } = (store?.node['body'] ?? {}) as { readonly body?: readonly SyntaxNode[] };
  return body.flatMap(({ key }) => wordOf(key) ?? []);
}

/** What the rows of a section are about: the word in code style that their first cell starts with. */
const subjectsOf = (section: string): Set<string> =>
  new Set(
    tableRows(sectionOf(DATA_MODEL, section)).flatMap(([first = '']) =>
      first.startsWith('`') ? codeWords(first).slice(0, 1) : [],
    ),
  );

function differences(kind: string, declared: readonly string[], documented: ReadonlySet<string>): string[] {
  const missing = declared.filter((name) => !documented.has(name));
  const invented = [...documented].filter((name) => !declared.includes(name));
  return [
    ...missing.map((name) => `${DATA_MODEL} has no row for the ${kind} ${name}; say what it reads or holds`),
    ...invented.map((name) => `${DATA_MODEL} has a row for ${name}, but there is no such ${kind}`),
  ];
}

/** Access patterns in which the data model and the code differ: what the store can be asked, and each index. */
export function accessPatternFaults(): string[] {
  const rows = new Set([...subjectsOf('Reads'), ...subjectsOf('Writes')]);
  const indexes = Object.values(INDEXES).map(({ name }): string => name);
  return [
    ...differences('method of the Store port', storeMethods(), rows),
    ...differences('index', indexes, subjectsOf('Indexes')),
  ];
}
