/** Lints documents with the linter that callers are likely to use. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url));

/** What Redocly's recommended rules find in an OpenAPI or AsyncAPI document. */
export function lintProblems(document: object): readonly object[] {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-lint-'));
  try {
    const file = join(folder, 'document.json');
    writeFileSync(file, JSON.stringify(document));
    const lint = spawnSync(
      process.execPath,
      [CLI, 'lint', file, '--extends', 'recommended', '--format', 'json'],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    );
    const report = JSON.parse(lint.stdout.slice(lint.stdout.indexOf('{'))) as { readonly problems: object[] };
    return report.problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
