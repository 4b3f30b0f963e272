import { createDependencies, createHttpDependencies, createListCursors } from '../runtime/dependencies.ts';
import { openTenantScope } from '../tenant-scope/dependencies.ts';

const dependencies = createDependencies();
export const scopeOf = openTenantScope('catalogue', dependencies);
export const http = createHttpDependencies('catalogue', dependencies);
export const cursors = createListCursors(dependencies);
