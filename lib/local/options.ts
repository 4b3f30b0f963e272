import { parseArgs } from 'node:util';
import { StartupError } from './startup-error.ts';

/** One on each of three continents, so that distance matters. */
export const DEFAULT_REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];
export const DEFAULT_PORT = 4001;
export const DEFAULT_CONTROL_PORT = 4000;

/** A database process takes some 250 MB, so a machine holds a few. */
const MAX_REGIONS = 5;
const MAX_PORT = 65_535;

export type SeedKind = 'demo' | 'none';

/** What the command's flags say. */
export interface CommandOptions {
  readonly regions: readonly string[];
  /** Port of the first region's API, the next has the next; 0: any that are free. */
  readonly port: number;
  readonly controlPort: number;
  /** `undefined`: in memory. */
  readonly dataDir: string | undefined;
  readonly seed: SeedKind;
  readonly json: boolean;
}

const USAGE =
  'npm start -- [--regions us-east-1,eu-west-1,ap-northeast-1] [--port 4001] [--control-port 4000] [--data DIR] ' +
  '[--seed demo|none] [--json]';

function parseRegions(list: string): string[] {
  const regions = list.split(',').map((region) => region.trim());
  const areNames = regions.every((region) => /^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region));
  if (!areNames) throw new StartupError(`--regions takes names of AWS regions, not "${list}": ${USAGE}`);
  if (new Set(regions).size < regions.length) throw new StartupError('--regions takes each region once.');
  if (regions.length > MAX_REGIONS) throw new StartupError(`--regions takes at most ${MAX_REGIONS} regions.`);
  return regions;
}

function parsePort(flag: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= MAX_PORT) return port;
  throw new StartupError(`${flag} takes a port number from 0 (any) to ${MAX_PORT}, not "${text}".`);
}

function parseSeed(text: string): SeedKind {
  if (text === 'demo' || text === 'none') return text;
  throw new StartupError(`--seed takes demo or none, not "${text}".`);
}

function checkPorts({ regions, port, controlPort }: CommandOptions): void {
  const lastPort = port + regions.length - 1;
  if (lastPort > MAX_PORT)
    throw new StartupError(`--port ${port} leaves no ports for ${regions.length} regions.`);
  if (port === 0 || controlPort < port || controlPort > lastPort) return;
  throw new StartupError(
    `--control-port ${controlPort} is the port of a region; choose one outside ${port} to ${lastPort}.`,
  );
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        regions: { type: 'string', default: DEFAULT_REGIONS.join(',') },
        port: { type: 'string', default: String(DEFAULT_PORT) },
        'control-port': { type: 'string', default: String(DEFAULT_CONTROL_PORT) },
        data: { type: 'string' },
        seed: { type: 'string', default: 'demo' },
        json: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    const [reason] = (cause as Error).message.split('\n');
    throw new StartupError(`${reason} Use: ${USAGE}`);
  }
}

/**
 * Reads the flags of `npm start`.
 *
 * @throws StartupError with one line that says what to type instead.
 */
export function parseCommand(args: readonly string[]): CommandOptions {
  const flags = readFlags(args);
  if (flags.data === '') throw new StartupError('--data takes a directory.');
  const options: CommandOptions = {
    regions: parseRegions(flags.regions),
    port: parsePort('--port', flags.port),
    controlPort: parsePort('--control-port', flags['control-port']),
    dataDir: flags.data,
    seed: parseSeed(flags.seed),
    json: flags.json,
  };
  checkPorts(options);
  return options;
}
