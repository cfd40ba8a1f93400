/** Something the person running the tests can act on: printed as it is, without a stack. */
export class ExpectedError extends Error {}

/** @param {unknown} error */
export function describeError(error) {
  if (error instanceof ExpectedError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
