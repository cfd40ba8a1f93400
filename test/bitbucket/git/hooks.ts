import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "../model/world";

/** The hooks are the same for every repository and push; what differs reaches them in the environment. */
const preReceive = `#!/bin/sh
if [ -n "$BITBUCKET_REFUSAL" ]; then
  printf '%s\\n' "$BITBUCKET_REFUSAL" >&2
  exit 1
fi
set -f
status=0
while read -r old new ref; do
  branch=\${ref#refs/heads/}
  for pattern in $BITBUCKET_RESTRICTED_BRANCHES; do
    case "$branch" in
      $pattern)
        echo "Permission denied to update branch $branch." >&2
        status=1 ;;
    esac
  done
done
exit $status
`;

/** The first branch that is pushed becomes the main one; each further new one gets the offer of a pull request. */
const postReceive = `#!/bin/sh
while read -r old new ref; do
  case "$ref" in refs/heads/*) ;; *) continue ;; esac
  case "$old" in *[!0]*) continue ;; esac
  branch=\${ref#refs/heads/}
  main=$(git symbolic-ref HEAD)
  if ! git rev-parse --quiet --verify "$main^{commit}" >/dev/null; then
    git symbolic-ref HEAD "$ref"
    main=$ref
  fi
  [ "$ref" = "$main" ] && continue
  printf '\\nCreate pull request for %s:\\n  %s/pull-requests/new?source=%s&t=1\\n\\n' \\
    "$branch" "$BITBUCKET_REPOSITORY_URL" "$branch" >&2
done
exit 0
`;

export async function writeHooks(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "pre-receive"), preReceive, { mode: 0o755 });
  await writeFile(join(dir, "post-receive"), postReceive, { mode: 0o755 });
}

export function hookEnvironment(repository: Repository, webUrl: string): NodeJS.ProcessEnv {
  const { branches = [], refusal = "" } = repository.restrictions;
  return {
    BITBUCKET_RESTRICTED_BRANCHES: branches.join(" "),
    BITBUCKET_REFUSAL: refusal,
    BITBUCKET_REPOSITORY_URL: `${webUrl}/${repository.fullName}`,
  };
}
