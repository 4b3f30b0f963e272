/** Reads a file that lies beside the bundle of the function. */
export type ReadAsset = (name: string) => Promise<string>;

/** Swagger UI, as its package ships it; the function's settings in `lib/config/functions.ts` bring them along. */
const SCRIPT = 'swagger-ui-bundle.js';
const STYLE = 'swagger-ui.css';

/**
 * Text that may stand in a `<script>`: an HTML parser looks for the end tag, and for the start of a comment,
 * before JavaScript does. Within JavaScript's strings the backslash means nothing.
 */
const inScript = (script: string): string =>
  script.replaceAll(/<(\/script|!--)/gi, (_match, rest: string) => `<\\${rest}`);

const inStyle = (style: string): string =>
  style.replaceAll(/<(\/style)/gi, (_match, rest: string) => `<\\${rest}`);

/** JSON that may stand in a `<script>`: within JSON, `<` only ever is part of a string. */
const jsonInScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** Nothing is loaded from elsewhere; requests that are tried out go to this API only. */
export const DOCS_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The documentation as one page that needs nothing else. */
export async function docsPage(openApi: object, readAsset: ReadAsset): Promise<string> {
  const [script, style] = await Promise.all([readAsset(SCRIPT), readAsset(STYLE)]);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Holdfast API</title>',
    '<link rel="icon" href="data:,">',
    `<style>${inStyle(style)}</style>`,
    '</head>',
    '<body>',
    '<div id="docs"></div>',
    `<script>${inScript(script)}</script>`,
    `<script>SwaggerUIBundle({ dom_id: '#docs', deepLinking: true, spec: ${jsonInScript(openApi)} });</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
