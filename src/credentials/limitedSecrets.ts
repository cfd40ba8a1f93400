import * as l10n from "@vscode/l10n";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../errors";
import { tryAgain } from "../failures/fixes";
import type { Secrets } from "./tokenStore";

/** An unlocked keyring answers in milliseconds, a remote one in a second; a person may have to unlock it first. */
const timeoutMs = 10_000;

/** The editor's SecretStorage, which may never answer (a locked keyring, a window that is gone): each wait has an end. */
export function limitedSecrets(secrets: Secrets, limitMs = timeoutMs): Secrets {
  return {
    get: (key) => inTime(secrets.get(key), limitMs),
    store: (key, value) => inTime(secrets.store(key, value), limitMs),
    delete: (key) => inTime(secrets.delete(key), limitMs),
  };
}

async function inTime<T>(answer: PromiseLike<T>, limitMs: number): Promise<T> {
  const ended = new AbortController();
  const late = delay(limitMs, undefined, { signal: ended.signal }).then(() => {
    throw doesNotAnswer();
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } catch (cause) {
    throw cause instanceof UserError ? cause : refuses(cause);
  } finally {
    ended.abort();
  }
}

function doesNotAnswer(): UserError {
  return new UserError(
    "BadAnswer",
    l10n.t("VS Code's secret storage doesn't answer. Unlock your keyring, then try again."),
    { fixes: [tryAgain()] },
  );
}

function refuses(cause: unknown): UserError {
  return new UserError(
    "BadAnswer",
    l10n.t("VS Code's secret storage can't be used. Unlock your keyring, then try again."),
    { fixes: [tryAgain()], cause },
  );
}
