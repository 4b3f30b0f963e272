/** The CDK app of a deployment under way: some functions are of this release, some of the one before. */
import { synthesiseBoth } from '../mixed-releases.ts';

await synthesiseBoth('test/support/previous-release/stored-schemas.ts');
