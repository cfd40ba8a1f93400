/** Of a message: what happened comes first, then what to do next. */
export function sentences(message: string): readonly string[] {
  return message.split(/(?<=\.)\s+|(?<=。)\s*/);
}
