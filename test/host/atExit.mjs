// What this process started or left behind goes when it ends: by itself, by Ctrl-C or by a thrown error.

/** @type {Set<() => void>} */
const tasks = new Set();

/**
 * @param {() => void} task synchronous: nothing asynchronous survives the end of a process
 * @returns {() => void} forgets the task
 */
export function atExit(task) {
  if (tasks.size === 0) listen();
  tasks.add(task);
  return () => void tasks.delete(task);
}

let isListening = false;

function listen() {
  if (isListening) return;
  isListening = true;
  process.on("exit", runTasks);
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  process.once("SIGHUP", () => process.exit(129));
}

/** The last made goes first: a server before its folder. */
function runTasks() {
  for (const task of [...tasks].reverse()) task();
  tasks.clear();
}
