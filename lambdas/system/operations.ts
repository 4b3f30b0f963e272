import { createOpenApi, type OpenApiDocument } from '../../lib/contracts/openapi.ts';
import { getDocsContract, getHealthContract, getOpenApiContract } from '../../lib/contracts/system.ts';
import { type BoundOperation, operation } from '../http/operation.ts';
import { DOCS_SECURITY_POLICY, docsPage, type ReadAsset } from './docs-page.ts';

/** What the operations about the service itself need. */
export interface SystemDependencies {
  /** Whether an operator took this region out of service; rejects when its database does not answer. */
  readonly isDraining: () => Promise<boolean>;
  readonly readAsset: ReadAsset;
  readonly region: string;
  /** Version of the release. */
  readonly version: string;
}

/** How long the documentation may be kept: it changes with a release only. */
const DOCUMENT_CACHE = 'public, max-age=300';

type Checks = { readonly database: 'ok' | 'failed'; readonly traffic: 'ok' | 'draining' | 'failed' };

const checksOf = (isDraining: () => Promise<boolean>): Promise<Checks> =>
  isDraining().then(
    (draining) => ({ database: 'ok', traffic: draining ? 'draining' : 'ok' }),
    () => ({ database: 'failed', traffic: 'failed' }),
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
export function systemOperations({
  isDraining,
  readAsset,
  region,
  version,
}: SystemDependencies): BoundOperation[] {
  const openApi = rememberedOpenApi(version);
  return [
    operation(getHealthContract).runs(async () => {
      const checks = await checksOf(isDraining);
      return {
        status: 200,
        body: {
          status: checks.database === 'ok' ? 'ok' : 'degraded',
          region,
          version,
          checks,
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
