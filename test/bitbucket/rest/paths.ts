/** Matches paths against templates such as `/repositories/{workspace}/{repo_slug}`. */
export interface PathPattern {
  readonly template: string;
  /** The parameters' values, decoded; undefined where the path is another. */
  match(path: string): ReadonlyMap<string, string> | undefined;
}

export function toPathPattern(template: string): PathPattern {
  const wanted = template.split("/");
  return {
    template,
    match(path) {
      const given = path.split("/");
      if (given.length !== wanted.length) return undefined;
      const params = new Map<string, string>();
      for (const [index, part] of wanted.entries()) {
        const text = given[index] ?? "";
        const name = /^\{(.+)\}$/.exec(part)?.[1];
        if (name === undefined ? part !== text : text === "") return undefined;
        if (name !== undefined) params.set(name, decodeURIComponent(text));
      }
      return params;
    },
  };
}
