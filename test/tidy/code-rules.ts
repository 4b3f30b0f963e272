/** House rules for code. Each finding says where it is and what to do. */
import { CODE, filesIn, linesOf, SOURCES, textOf } from './project-files.ts';
import { functionsOf, type Located, memberName, nodesOf, wordOf } from './syntax.ts';

/** Longest file and function that one reads without scrolling back, and most parameters one keeps in mind. */
const FILE_LINES_MAX = 200;
const FUNCTION_LINES_MAX = 50;
const PARAMETERS_MAX = 3;
/** A command reads its flags and calls the library. */
const COMMAND_LINES_MAX = 60;

const isIn = (path: string, places: readonly string[]): boolean =>
  places.some((place) => path === place || path.startsWith(`${place}/`));

export function longFiles(): string[] {
  return SOURCES.flatMap((path) => {
    const lines = linesOf(textOf(path)).length;
    if (path.startsWith('bin/') && lines >= COMMAND_LINES_MAX) {
      return `${path} has ${lines} lines; move what it does into lib, a command has fewer than ${COMMAND_LINES_MAX}`;
    }
    if (lines <= FILE_LINES_MAX) return [];
    return `${path} has ${lines} lines; give one of its concepts a file of its own, the most is ${FILE_LINES_MAX}`;
  });
}

export function longFunctions(): string[] {
  return SOURCES.flatMap((path) =>
    functionsOf(path).flatMap(({ name, line, lines, parameters }) => {
      const where = `${path}:${line} ${name}`;
      const long = `${where} has ${lines} lines; name its parts, the most is ${FUNCTION_LINES_MAX}`;
      const wide = `${where} takes ${parameters} parameters; pass one options object, the most is ${PARAMETERS_MAX}`;
      return [...(lines > FUNCTION_LINES_MAX ? [long] : []), ...(parameters > PARAMETERS_MAX ? [wide] : [])];
    }),
  );
}

interface Ban {
  readonly found: (located: Located) => boolean;
  readonly instead: string;
  /** Files and folders that may. */
  readonly except: readonly string[];
}

/** What drives the simulated and the real world from outside, and so may look at the clock. */
const OUTSIDE = ['bin', 'test', 'lib/command-line', 'lib/local', 'lib/replay'];

const isCallOf = ({ node }: Located, type: 'CallExpression' | 'NewExpression', name: string): boolean =>
  node.type === type && wordOf(node['callee']) === name;

const IMPURE: ReadonlySet<string> = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'randomUUID',
  'randomBytes',
  'randomInt',
  'getRandomValues',
]);

const hasNoArguments = ({ node }: Located): boolean =>
  !Array.isArray(node['arguments']) || node['arguments'].length === 0;

const BANS: Readonly<Record<string, Ban>> = {
  'the clock': {
    found: (located) =>
      ['Date.now', 'performance.now', 'process.hrtime'].includes(memberName(located) ?? '') ||
      isCallOf(located, 'CallExpression', 'Date') ||
      (isCallOf(located, 'NewExpression', 'Date') && hasNoArguments(located)),
    instead: 'take the time from the Clock port',
    except: [...OUTSIDE, 'lib/adapters/system'],
  },
  'a timer or randomness': {
    found: (located) =>
      memberName(located) === 'Math.random' ||
      (located.node.type === 'Identifier' && IMPURE.has(wordOf(located.node) ?? '')),
    instead: 'use the Clock, Randomness or Digest port',
    except: [...OUTSIDE, 'lib/adapters/system'],
  },
  'process.env': {
    found: (located) => memberName(located) === 'process.env',
    instead: 'name the variable in lib/config/environment.ts and read it there',
    except: [...OUTSIDE, 'lib/config/environment.ts'],
  },
  'console output': {
    found: (located) => memberName(located)?.startsWith('console.') === true,
    instead: 'log an entry of lambdas/observability/log-messages.ts',
    except: ['bin', 'lib/local'],
  },
  'as any': {
    found: ({ node }) =>
      node.type === 'TsAsExpression' && (node['typeAnnotation'] as { kind?: string }).kind === 'any',
    instead: 'parse the value, or say what it is',
    except: [],
  },
  'a default export': {
    found: ({ node }) => node.type.startsWith('ExportDefault'),
    instead: 'give it a name, so that everybody calls it the same',
    // Tools load their configuration by it.
    except: ['vitest.config.ts', 'knip.ts'],
  },
  'a test that is left out or runs alone': {
    found: (located) => /^(it|test|describe)\.(only|skip|todo)$/.test(memberName(located) ?? ''),
    instead: 'run every test, or take it out and say why in the commit',
    except: [],
  },
};

export function bannedConstructs(): string[] {
  const paths = CODE.filter((path) => path.endsWith('.ts'));
  return paths.flatMap((path) => {
    const bans = Object.entries(BANS).filter(([, { except }]) => !isIn(path, except));
    return nodesOf(path).flatMap((located) =>
      bans
        .filter(([, { found }]) => found(located))
        .map(([name, { instead }]) => `${path}:${located.firstLine} has ${name}; ${instead}`),
    );
  });
}

/** Spelled so that neither this rule nor a search for these words finds itself. */
const LEFT_OPEN = /\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b|@ts-[a-z]+/;

export function leftOpen(): string[] {
  return CODE.flatMap((path) =>
    linesOf(textOf(path)).flatMap((line, index) => {
      const [word] = LEFT_OPEN.exec(line) ?? [];
      return word === undefined ? [] : `${path}:${index + 1} says ${word}; finish it now, or file an issue`;
    }),
  );
}

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
const VAGUE: ReadonlySet<string> = new Set(['utils', 'helpers', 'common', 'shared', 'misc']);

export function oddNames(): string[] {
  return filesIn('bin', 'lib', 'lambdas', 'test', 'docs').flatMap((path) =>
    path.split('/').flatMap((part) => {
      if (VAGUE.has(part.split('.')[0] ?? '')) return `${path}: call ${part} by what it holds`;
      return KEBAB.test(part) || part === 'README.md' ? [] : `${path}: write ${part} in kebab-case`;
    }),
  );
}
