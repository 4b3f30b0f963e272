/**
 * Synthesises the service twice, of these sources and of the same with the stored forms of an older release, and puts
 * the two together: the bundles of one and of the other run side by side, as they do while a release is rolled out.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What the app and its bundles are made of. */
const SOURCES = [
  'bin',
  'lib',
  'lambdas',
  'test/support/previous-release',
  'test/support/first-release',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'cdk.json',
];
const REGISTRY = 'lib/adapters/dynamodb/stored-schemas.ts';
const APP = 'bin/holdfast.ts';

/** All of the region's functions, none of them, or every other one are of the older release. */
type Share = 'all' | 'none' | 'half';
export const OLDER_IN: Readonly<Record<string, Share>> = {
  'us-east-1': 'half',
  'eu-west-1': 'none',
  'ap-northeast-1': 'all',
};

interface Template {
  readonly Resources: Record<string, { Type: string; Properties?: { Code?: unknown } }>;
}

interface AssetFile {
  readonly source: { readonly path?: string };
}

interface Manifest {
  readonly artifacts?: Record<
    string,
    { type: string; environment?: string; properties?: { templateFile?: string; directoryName?: string } }
  >;
}

async function readJson<Content>(file: string): Promise<Content> {
  return JSON.parse(await readFile(file, 'utf8')) as Content;
}

function runApp(cwd: string, outdir: string): void {
  const env = { ...process.env, CDK_OUTDIR: outdir };
  const { status } = spawnSync(process.execPath, [APP], { cwd, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`The app in ${cwd} failed`);
}

/** A copy of the sources with the stored forms of the older release. */
async function copySources(root: string, registry: string): Promise<string> {
  const copy = await mkdtemp(path.join(root, '.holdfast', 'older-'));
  for (const source of SOURCES) {
    await cp(path.join(root, source), path.join(copy, source), { recursive: true });
  }
  await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const older = path.posix.relative(path.posix.dirname(REGISTRY), registry);
  await writeFile(path.join(copy, REGISTRY), `export * from '${older}';\n`);
  return copy;
}

/** Gives functions of a template the code of the older one. @returns how many differ. */
async function mixTemplate(current: string, older: string, share: Share): Promise<number> {
  const [template, before] = [await readJson<Template>(current), await readJson<Template>(older)];
  const functions = Object.entries(template.Resources).filter(
    ([, { Type }]) => Type === 'AWS::Lambda::Function',
  );
  let replaced = 0;
  for (const [index, [id, { Properties }]] of functions.sort().entries()) {
    const code = before.Resources[id]?.Properties?.Code;
    if (share === 'none' || (share === 'half' && index % 2 === 0) || Properties === undefined) continue;
    if (JSON.stringify(code) !== JSON.stringify(Properties.Code)) replaced += 1;
    Properties.Code = code;
  }
  await writeFile(current, JSON.stringify(template));
  return replaced;
}

/** Adds the assets of the older assembly. */
async function mixAssets(current: string, older: string): Promise<void> {
  for (const name of await readdir(older)) {
    const [to, from] = [path.join(current, name), path.join(older, name)];
    if (name.startsWith('asset.')) await cp(from, to, { recursive: true, force: false });
    if (!name.endsWith('.assets.json')) continue;
    const [files, before] = await Promise.all(
      [to, from].map((file) => readJson<{ files: Record<string, AssetFile> }>(file)),
    );
    await writeFile(to, JSON.stringify({ ...files, files: { ...before?.files, ...files?.files } }));
  }
}

async function mixAssembly(current: string, older: string): Promise<number> {
  const { artifacts = {} } = await readJson<Manifest>(path.join(current, 'manifest.json'));
  await mixAssets(current, older);
  let replaced = 0;
  for (const { type, environment = '', properties } of Object.values(artifacts)) {
    const { directoryName, templateFile } = properties ?? {};
    if (type === 'cdk:cloud-assembly' && directoryName !== undefined) {
      replaced += await mixAssembly(path.join(current, directoryName), path.join(older, directoryName));
    }
    if (type !== 'aws:cloudformation:stack' || templateFile === undefined) continue;
    const share = OLDER_IN[environment.split('/').at(-1) ?? ''] ?? 'none';
    const [to, from] = [path.join(current, templateFile), path.join(older, templateFile)];
    replaced += await mixTemplate(to, from, share);
  }
  return replaced;
}

/**
 * Runs as a CDK app: writes the assembly to `CDK_OUTDIR`.
 *
 * @param registry the file with the stored forms of the older release.
 */
export async function synthesiseBoth(registry: string): Promise<void> {
  const root = process.cwd();
  const { CDK_OUTDIR: outdir = path.join(root, 'cdk.out') } = process.env;
  const copy = await copySources(root, registry);
  try {
    const older = path.join(copy, 'cdk.out');
    runApp(copy, older);
    runApp(root, outdir);
    const replaced = await mixAssembly(outdir, older);
    if (replaced < 2) throw new Error('The bundles of both releases are the same');
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
