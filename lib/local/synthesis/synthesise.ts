import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { exited, killOnExit } from '../processes.ts';
import { StartupError } from '../startup-error.ts';
import type { StackTemplate } from '../template/cloudformation.ts';
import { readCloudAssembly } from './cloud-assembly.ts';
import { pruneAssemblies, TEMPORARY_PREFIX } from './prune-assemblies.ts';
import { hashSources } from './source-hash.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DEFAULT_APP = 'bin/holdfast.ts';
const CACHE = path.join(ROOT, '.holdfast', 'synth');

/** Everything that decides what the templates say. */
const TEMPLATE_SOURCES = [
  'bin/holdfast.ts',
  'lib/config',
  'lib/constructs',
  'lib/stacks',
  'package.json',
  'package-lock.json',
  'cdk.json',
];
/** The functions' code besides. */
const BUNDLE_SOURCES = [...TEMPLATE_SOURCES, 'lib', 'lambdas', 'tsconfig.json'];

/** The end of what the CDK app printed is where its error is. */
const MAX_OUTPUT_CHARACTERS = 8_000;

export interface SynthesisOptions {
  readonly regions: readonly string[];
  /** The CDK app, relative to the checkout. @default bin/holdfast.ts */
  readonly app?: string;
  /** Files and folders whose change makes a new synthesis necessary. @default all of the service */
  readonly sources?: readonly string[];
  /** False leaves the functions' code out: enough for tables and routes, and much faster. @default true */
  readonly bundle?: boolean;
  /** Ends the synthesis early. @default never */
  readonly signal?: AbortSignal;
}

export interface Synthesis {
  readonly directory: string;
  readonly stacks: readonly StackTemplate[];
}

/** What `cdk` itself would hand to the app, and the regions and the stage on top. */
async function contextFor({ regions, bundle = true }: SynthesisOptions): Promise<string> {
  const file = path.join(ROOT, 'cdk.json');
  const settings = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as { context?: Record<string, unknown> })
    : {};
  return JSON.stringify({
    ...settings.context,
    regions: regions.join(','),
    stage: 'local',
    ...(!bundle && { 'aws:cdk:bundling-stacks': [] }),
  });
}

async function runApp(app: string, outdir: string, options: SynthesisOptions): Promise<void> {
  // The account of whoever runs this has no place in the templates: the result is kept for everybody.
  const { CDK_DEFAULT_ACCOUNT: _account, CDK_DEFAULT_REGION: _region, ...environment } = process.env;
  const child = spawn(process.execPath, [app], {
    cwd: ROOT,
    env: { ...environment, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: await contextFor(options) },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.signal && { signal: options.signal, killSignal: 'SIGKILL' }),
  });
  killOnExit(child, 'SIGKILL');
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // An abort emits `error`; without a listener it would end this process.
  child.on('error', keep);
  await exited(child);
  options.signal?.throwIfAborted();
  if (child.exitCode === 0) return;
  throw new StartupError(`The CDK app ${app} failed; correct it and start again. It said:\n${output}`);
}

/** Writes into a folder of its own and renames it at the end, so that an interrupted run never counts. */
async function produce(directory: string, options: SynthesisOptions): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const temporary = await mkdtemp(path.join(CACHE, TEMPORARY_PREFIX));
  try {
    await runApp(options.app ?? DEFAULT_APP, temporary, options);
    await rename(temporary, directory).catch((cause: unknown) => {
      // Another process was faster with the same sources; its result is as good.
      if (!existsSync(path.join(directory, 'manifest.json'))) throw cause;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Synthesises the CDK app for these regions, or takes the result of an earlier run when no source has changed.
 *
 * @throws StartupError with the app's output when it fails.
 */
export async function synthesise(options: SynthesisOptions): Promise<Synthesis> {
  const { regions, app = DEFAULT_APP, bundle = true } = options;
  const sources = options.sources ?? (bundle ? BUNDLE_SOURCES : TEMPLATE_SOURCES);
  const hash = await hashSources(ROOT, sources, JSON.stringify({ regions, app, bundle }));
  const directory = path.join(CACHE, hash);
  if (existsSync(path.join(directory, 'manifest.json'))) {
    const now = new Date();
    await utimes(directory, now, now);
  } else {
    await produce(directory, options);
  }
  await pruneAssemblies(CACHE, directory);
  return { directory, stacks: await readCloudAssembly(directory) };
}
