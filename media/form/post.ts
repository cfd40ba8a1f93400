/// <reference types="vscode-webview" />
import type { MessageToExtension } from "../../src/protocol/formMessages";

/** Only posts: the form keeps no state with the editor, so that nothing pasted can end up in it. */
export type Post = (message: MessageToExtension) => void;

export function acquirePost(): Post {
  const api = acquireVsCodeApi();
  return (message) => {
    api.postMessage(message);
  };
}
