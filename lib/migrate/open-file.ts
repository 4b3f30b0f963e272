import { createReadStream } from 'node:fs';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The text of a file, unpacked if its name ends in `.gz`. */
export function openFile(file: string): Readable {
  const unpack = file.endsWith('.gz') ? createGunzip() : new PassThrough();
  // Whatever fails ends the last stream with its error, and who reads it meets that.
  return pipeline(createReadStream(file), unpack, () => undefined);
}
