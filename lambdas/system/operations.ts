import { createOpenApi, type OpenApiDocument } from '../../lib/contracts/openapi.ts';
import { getDocsContract, getHealthContract, getOpenApiContract } from '../../lib/contracts/system.ts';
import { type BoundOperation, operation } from '../http/operation.ts';
import { DOCS_SECURITY_POLICY, docsPage, type ReadAsset } from './docs-page.ts';

/** What the operations about the service itself need. */
export interface SystemDependencies {
  /** Resolves when the database of this region answers, rejects when it does not. */
  readonly ping: () => Promise<void>;
  readonly readAsset: ReadAsset;
  readonly region: string;
  /** Version of the release. */
  readonly version: string;
}

/** How long the documentation may be kept: it changes with a release only. */
const DOCUMENT_CACHE = 'public, max-age=300';

const isReachable = (ping: () => Promise<void>): Promise<boolean> =>
  ping().then(
    () => true,
    () => false,
  );

/** The document is made when it is first asked for: most instances of the function only tell their health. */
function rememberedOpenApi(version: string): (basePath: string) => OpenApiDocument {
  let made: { readonly basePath: string; readonly document: OpenApiDocument } | undefined;
  return (basePath) => {
    if (made?.basePath !== basePath) {
      made = { basePath, document: createOpenApi({ version, serverUrl: basePath }) };
    }
    return made.document;
  };
}

/** The operations about the service itself. */
export function systemOperations({ ping, readAsset, region, version }: SystemDependencies): BoundOperation[] {
  const openApi = rememberedOpenApi(version);
  return [
    operation(getHealthContract).runs(async () => {
      const isUp = await isReachable(ping);
      return {
        status: 200,
        body: {
          status: isUp ? 'ok' : 'degraded',
          region,
          version,
          checks: { database: isUp ? 'ok' : 'failed' },
        },
      };
    }),
    operation(getOpenApiContract).runs(async ({ basePath }) => ({
      status: 200,
      body: { ...openApi(basePath) },
      headers: { 'Cache-Control': DOCUMENT_CACHE },
    })),
    operation(getDocsContract).runs(async ({ basePath }) => ({
      status: 200,
      body: await docsPage(openApi(basePath), readAsset),
      headers: { 'Cache-Control': DOCUMENT_CACHE, 'Content-Security-Policy': DOCS_SECURITY_POLICY },
    })),
  ];
}
