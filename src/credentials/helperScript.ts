import * as fs from "node:fs/promises";
import * as path from "node:path";
import { helperName } from "../git/connectionConfig";
import { writeWhole } from "../smallFile";
import { socketName } from "./windowEntry";

export interface HelperOptions {
  /** The extension's global storage: it outlives updates. */
  readonly storageDir: string;
  /** The editor's own executable, which is a Node too. */
  readonly execPath: string;
  /** Whether a curl can reach our socket (see `canCurlReach`). */
  readonly hasCurl: boolean;
  readonly platform: NodeJS.Platform;
  /** The bundled `nodeHelper`; a copy of it goes beside the script. */
  readonly nodeHelper: string;
}

/** Writes the helper where it differs. The value is for `credential.<url>.helper`. */
export async function installHelper(
  options: HelperOptions,
): Promise<{ configValue: string; socketsDir: string }> {
  const { storageDir, nodeHelper, platform } = options;
  const socketsDir = path.join(storageDir, "sockets");
  const binDir = path.join(storageDir, "bin");
  for (const dir of [binDir, socketsDir]) {
    await fs.mkdir(dir, { recursive: true, mode: 0o700 });
    await fs.chmod(dir, 0o700);
  }
  await writeProgram(path.join(binDir, `${helperName}.js`), await fs.readFile(nodeHelper));
  await writeProgram(path.join(binDir, helperName), Buffer.from(helperScript(options)));
  return { configValue: helperConfigValue(storageDir, platform), socketsDir };
}

/**
 * Where the script isn't (another container, an editor that is gone) git goes on without a word. Input is read to
 * its end in any case: an older git dies of a pipe that is closed early. Sourced, the script needs no second shell,
 * and no right to execute files in that place.
 */
export function helperConfigValue(storageDir: string, platform: NodeJS.Platform): string {
  const script = quote(path.join(storageDir, "bin", helperName), platform);
  return `!f() { if test -r ${script}; then . ${script}; else cat >/dev/null; fi; }; f`;
}

/** A command for any POSIX shell. It keeps secrets to variables that aren't exported, and to pipes. */
export function helperScript({ storageDir, execPath, hasCurl, platform }: HelperOptions): string {
  const node = quote(execPath, platform);
  const program = quote(path.join(storageDir, "bin", `${helperName}.js`), platform);
  const goHome = `cd ${quote(path.join(storageDir, "sockets"), platform)} 2>/dev/null`;
  const windows = platform === "win32" ? pipes : sockets;
  return `#!/bin/sh
# Written by Connect for Bitbucket. It asks the running editor for the token of a connected repository.
# A shell set to export or trace variables, or to stop at small things, must not do so here.
set +aeux
unset request line pid state before earlier
finish() {
  while read -r line; do :; done
  exit 0
}
case "$1" in
  get | erase) ${goHome} || finish ;;
  *) finish ;;
esac
find_windows() {
  window=
  others=
  alive=
  for entry in ${windows.entries}; do
    if ${windows.isWindow}; then
      before=$window
      earlier=$others
      others=$window
      window=$entry
      ${windows.noteAlive}
    fi
  done
}
find_windows
${waitForEditor}[ "$window" ] || finish
${hasCurl && platform !== "win32" ? askWithCurl : ""}if [ -x ${node} ]; then
  ELECTRON_RUN_AS_NODE=1 NODE_OPTIONS=
  export ELECTRON_RUN_AS_NODE NODE_OPTIONS
  exec ${node} ${program} "$1" 2>/dev/null
fi
finish
`;
}

/**
 * A folder in /tmp that another user made may bear the name of one that is gone: `-O` wants the user's own. An entry's
 * name begins with its window's process.
 */
const sockets = {
  entries: "./*.sock",
  isWindow: `[ -O "$entry" ] && [ -S "$entry/${socketName}" ]`,
  // One that is stopped holds its socket open and never answers.
  noteAlive: `pid=\${entry#./}
      pid=\${pid%%-*}
      kill -0 "$pid" 2>/dev/null && alive=yes
      state=
      [ -r "/proc/$pid/stat" ] && IFS= read -r state <"/proc/$pid/stat"
      case "\${state##*) }" in T* | t*) window=$before others=$earlier ;; esac`,
};

/** The shells of Windows know no processes but their own. */
const pipes = { entries: "./*.pipe", isWindow: '[ -f "$entry" ]', noteAlive: "alive=yes" };

/**
 * The editor starts its git before its extensions. It never fetches in the background again once that was refused,
 * so such a fetch, for which nobody waits, is given ten seconds; what a person began, two.
 * https://github.com/microsoft/vscode/blob/1.139.1/extensions/git/src/autofetch.ts
 */
const waitForEditor = `tries=0
if [ "$1" = get ]; then
  [ -z "$VSCODE_GIT_COMMAND" ] || tries=10
  [ -z "$VSCODE_GIT_FETCH_SILENT" ] || tries=50
fi
while [ -z "$alive" ] && [ "$tries" -gt 0 ]; do
  sleep 0.2 2>/dev/null || sleep 1
  tries=$((tries - 1))
  find_windows
done
`;

/**
 * With one window, the usual case, curl reads what git says itself; more are all asked at once, and the first answer
 * counts: an answer is one write, which the pipe keeps whole. The socket is taken from within its folder: what a path
 * leads to can change between the look at it and its use. Korn shells of the pdksh family have no printf of their own:
 * its arguments would be seen in the process list. The limit is for a hundred gits at once on two busy cores; a window
 * that can't look up a token says so in a second.
 */
const askWithCurl = `enter() {
  cd "$1" 2>/dev/null && [ -O . ] && [ -O ${socketName} ]
}
if [ -z "$KSH_VERSION" ] && command -v curl >/dev/null 2>&1; then
  verb=$1
  set -- curl -q --silent --fail --max-time 12 --noproxy '*' --data-binary @- "http://localhost/$verb" --unix-socket ./${socketName}
  if [ -z "$others" ]; then
    enter "$window" && exec "$@" 2>/dev/null
    finish
  fi
  while IFS= read -r line; do
    request="$request$line
"
  done
  for entry in ./*.sock; do
    (
      enter "$entry" || exit 0
      answer=$(printf '%s' "$request" | "$@" 2>/dev/null) && [ "$verb" = get ] && printf '%s\\n\\n' "$answer"
    ) &
  done | while IFS= read -r line; do
    [ "$line" ] || break
    printf '%s\\n' "$line"
  done
  exit 0
fi
`;

function quote(file: string, platform: NodeJS.Platform): string {
  const plain = platform === "win32" ? file.replaceAll("\\", "/") : file;
  return `'${plain.replaceAll("'", "'\\''")}'`;
}

/** A git that runs at this moment sees the old file or the new one, whole. */
async function writeProgram(file: string, content: Buffer): Promise<void> {
  const current = await fs.readFile(file).catch(() => undefined);
  if (!current?.equals(content)) await writeWhole(file, content, 0o700);
}
