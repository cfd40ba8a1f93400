/** What `git push --porcelain` says of one ref at one place. https://git-scm.com/docs/git-push#_output */
export interface PushedRef {
  readonly outcome: "upToDate" | "new" | "updated" | "rejected" | "other";
  /** The ref there. */
  readonly ref: string;
  /** Of an update: the commits before and after, shortened by Git. */
  readonly range: string | undefined;
}

const outcomes: Readonly<Record<string, PushedRef["outcome"]>> = {
  "=": "upToDate",
  "*": "new",
  " ": "updated",
  "!": "rejected",
};

const refLine = /^([ *=!+-])\t([^\t\n]*):([^\t\n:]*)\t([^\n]*)$/gm;

export function parsePushedRefs(output: string): readonly PushedRef[] {
  return [...output.matchAll(refLine)].map(([, flag = "", , ref = "", summary = ""]) => ({
    outcome: outcomes[flag] ?? "other",
    ref,
    range: /^[0-9a-f]+\.\.[0-9a-f]+/.exec(summary)?.[0],
  }));
}

/** With each ref as Git tells it to people: ` ! [rejected] main -> main (fetch first)`. */
export function humanWords(text: string): string {
  return text.replace(refLine, (_line, flag: string, from: string, to: string, summary: string) => {
    const [, what = summary, why = ""] = /^(\[[^\]]*\])\s*(.*)$/.exec(summary) ?? [];
    return ` ${flag} ${what} ${shortRef(from)} -> ${shortRef(to)} ${why}`.trimEnd();
  });
}

function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags)\//, "");
}
