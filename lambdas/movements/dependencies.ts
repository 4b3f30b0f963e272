import { createDependencies, createHttpDependencies, createListCursors } from '../runtime/dependencies.ts';

export const dependencies = createDependencies();
export const http = createHttpDependencies('movements', dependencies);
export const cursors = createListCursors(dependencies);
