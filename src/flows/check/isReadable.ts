import * as fs from "node:fs/promises";

export function isReadable(file: string): Promise<boolean> {
  return fs.access(file, fs.constants.R_OK).then(
    () => true,
    () => false,
  );
}
