import type { HttpAnswer } from "./http";

/**
 * Seconds to wait, by an answer's `Retry-After`: a number of them, or a date, which is held against the answer's own
 * date because the clock here may be wrong. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter({ header }: Pick<HttpAnswer, "header">): number | undefined {
  const text = header("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = /^[a-z]{3},? /i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date)) return undefined;
  const answeredAt = Date.parse(header("date") ?? "") || Date.now();
  return Math.max(Math.ceil((date - answeredAt) / 1000), 0);
}
