/** The CDK app of a deployment that skips a release: some functions are of this one, some of the one before the last. */
import { synthesiseBoth } from '../mixed-releases.ts';

await synthesiseBoth('test/support/first-release/stored-schemas.ts');
