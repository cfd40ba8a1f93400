/** Node's code of a failed call to the file system; empty for any other error. https://nodejs.org/api/errors.html#common-system-errors */
export function fileErrorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Somebody else was first. */
export function isFileExists(error: unknown): boolean {
  return fileErrorCode(error) === "EEXIST";
}

export function isFileMissing(error: unknown): boolean {
  return fileErrorCode(error) === "ENOENT";
}
