import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file or folder that lies beside the program in an image, and elsewhere in the source tree. */
export function beside(nameInImage: string, pathInSources: string): string {
  const places = [`./${nameInImage}`, `../../../${pathInSources}`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const place = places.find((path) => existsSync(path));
  if (!place) throw new Error(`${nameInImage} is in neither of ${places.join(', ')}`);
  return place;
}
