/**
 * The directions of `docs/architecture.md`, held by a tool. Each rule's comment says what to do instead.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one concept or hide a third: move what both need into its own file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The domain holds rules only. Pass what it needs as arguments; put what talks to the world behind a port.',
      severity: 'error',
      from: { path: '^lib/domain/' },
      to: { pathNot: '^lib/domain/' },
    },
    {
      name: 'application-knows-ports-only',
      comment:
        'A use case asks for what it needs in ports.ts; lambdas/*/dependencies.ts hands it the adapter.',
      severity: 'error',
      from: { path: '^lib/application/' },
      to: { pathNot: '^lib/(domain|application)/' },
    },
    {
      name: 'adapters-look-inwards',
      comment:
        'Adapters implement ports. They know domain, application and configuration, never contracts or handlers.',
      severity: 'error',
      from: { path: '^lib/adapters/' },
      to: { path: '^(lambdas|bin|lib/(contracts|constructs|stacks|local))/' },
    },
    {
      name: 'contracts-know-the-domain-only',
      comment: 'Schemas of the public API depend on domain types and limits, and on Zod.',
      severity: 'error',
      from: { path: '^lib/contracts/' },
      to: { path: '^(lambdas|bin|lib/(adapters|application|constructs|stacks|local))/' },
    },
    {
      name: 'sdk-in-adapters-only',
      comment: 'Everything else goes through a port, so that it can be simulated.',
      severity: 'error',
      from: { path: '^(lib|lambdas|bin)/', pathNot: '^lib/(adapters|local)/' },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'only-dependencies-join-adapters',
      comment: 'Adapters meet use cases in lambdas/*/dependencies.ts and nowhere else.',
      severity: 'error',
      from: { path: '^lambdas/', pathNot: '^lambdas/[^/]+/dependencies\\.ts$' },
      to: { path: '^lib/adapters/' },
    },
    {
      name: 'runtime-without-cdk',
      comment:
        'Nothing that runs in a function may load aws-cdk-lib: share names and settings through lib/config.',
      severity: 'error',
      from: { path: '^(lambdas|lib/(domain|application|adapters|contracts|config|local|simulation))/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs)/' },
    },
    {
      name: 'infrastructure-without-runtime',
      comment: 'Constructs and stacks know lib/config only; handlers are named by path, never imported.',
      severity: 'error',
      from: {
        path: '^(lib/(constructs|stacks|rules)|bin/holdfast\\.ts)',
        pathNot: '^lib/constructs/event-schemas\\.ts$',
      },
      to: { path: '^(lambdas|lib/(domain|application|adapters|contracts|local|simulation))/' },
    },
    {
      name: 'event-schemas-from-contracts',
      comment:
        'The schema registry shows the contracts of events. This one construct may read them, because they are plain ' +
        'schemas and a copy would be a second truth; everything else that runs stays out of the CDK app.',
      severity: 'error',
      from: { path: '^lib/constructs/event-schemas\\.ts$' },
      to: {
        path: '^(lambdas|lib/(domain|application|adapters|contracts|local|simulation))/',
        pathNot: '^lib/contracts/events/event-schemas\\.ts$',
      },
    },
    {
      name: 'config-is-shared',
      comment: 'Configuration is loaded by both sides, so it depends on neither.',
      severity: 'error',
      from: { path: '^lib/config/' },
      to: { path: '^(lambdas|bin|test|lib/(?!config))' },
    },
    {
      name: 'cost-is-a-calculation',
      comment:
        'The model of cost and capacity counts with settings and its own figures; it asks nothing that runs.',
      severity: 'error',
      from: { path: '^lib/cost/' },
      // How many partitions there are is data of the adapter, and a copy would be a second truth.
      to: {
        path: '^(lambdas|bin|lib/(?!cost/|config/|command-line/))',
        pathNot: '^lib/adapters/dynamodb/shards\\.ts$',
      },
    },
    {
      name: 'tests-stay-outside',
      comment: 'What ships must not need test code.',
      severity: 'error',
      from: { path: '^(bin|lib|lambdas)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no compiler API for it to use; swc reads the same syntax.
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.cjs', '.js', '.json'] },
  },
};
