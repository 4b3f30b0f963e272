import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { StackTemplate, Template } from '../template/cloudformation.ts';

/** The parts of a Cloud Assembly's `manifest.json` that say where things are. */
interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  /** `aws://<account>/<region>`. */
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
    readonly file?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, AssetFile>>;
}

interface AssetFile {
  readonly source: { readonly path?: string };
  readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

/** Key in the asset bucket and folder of each asset that one asset manifest lists. */
async function readAssetManifest(directory: string, file: string): Promise<[string, string][]> {
  const { files } = await readJson<AssetManifest>(path.join(directory, file));
  return Object.values(files ?? {}).flatMap(({ source, destinations }) => {
    if (source.path === undefined) return [];
    const folder = path.resolve(directory, source.path);
    return Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, folder]);
  });
}

async function readAssets(directory: string, manifest: Manifest): Promise<Map<string, string>> {
  const files = Object.values(manifest.artifacts ?? {})
    .filter((artifact) => artifact.type === 'cdk:asset-manifest')
    .flatMap((artifact) => artifact.properties?.file ?? []);
  const assets = await Promise.all(files.map((file) => readAssetManifest(directory, file)));
  return new Map(assets.flat());
}

/**
 * The stacks of a Cloud Assembly, those of nested assemblies (one for each CDK stage) included.
 *
 * @param directory the folder with `manifest.json`.
 */
export async function readCloudAssembly(directory: string): Promise<StackTemplate[]> {
  const manifest = await readJson<Manifest>(path.join(directory, 'manifest.json'));
  const assets = await readAssets(directory, manifest);
  const stacks: StackTemplate[] = [];
  for (const [id, { type, environment, properties }] of Object.entries(manifest.artifacts ?? {})) {
    if (type === 'cdk:cloud-assembly' && properties?.directoryName !== undefined) {
      stacks.push(...(await readCloudAssembly(path.join(directory, properties.directoryName))));
    }
    if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) continue;
    stacks.push({
      stackName: properties.stackName ?? id,
      region: environment?.split('/').at(-1) ?? '',
      template: await readJson<Template>(path.join(directory, properties.templateFile)),
      assets,
    });
  }
  return stacks;
}
