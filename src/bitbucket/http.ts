import * as l10n from "@vscode/l10n";
import type { Response } from "node-fetch";
import { UserError } from "../errors";
import { isSafeToSendTokens } from "./site";

/** One request to Bitbucket. The token travels in `authorization` alone. */
export interface HttpRequest {
  readonly url: string;
  readonly authorization: string;
  readonly accept: string;
  /** A JSON text to POST; without one it is a GET. */
  readonly body?: string;
  /** git's own header of the same name. */
  readonly gitProtocol?: string;
  /** The longest answer to read; 5 MB unless told. */
  readonly limitBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** What the log may know of a request: never headers, never a query, never a body. */
export interface RequestTrace {
  readonly host: string;
  readonly path: string;
  readonly status: number | string;
  readonly elapsedMs: number;
}

const answerLimitBytes = 5 * 1024 * 1024;
/** Two answers in a row stay within the 15 s that a failure may take. */
const timeoutMs = 7_000;
const redirectLimit = 3;

/**
 * Sends over node-fetch, whose requests go through the editor's patched `http` and `https`: its proxy and
 * certificate settings count. Any HTTP status is an answer; what never became one is thrown as a UserError.
 */
export function createSend(trace: (request: RequestTrace) => void): Send {
  return async (request) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    const startedAt = performance.now();
    const url = new URL(request.url);
    const finish = (status: number | string) => {
      const elapsedMs = Math.round(performance.now() - startedAt);
      trace({ host: url.host, path: url.pathname, status, elapsedMs });
    };
    try {
      const response = await follow(request, url, signal);
      const body = await response.text();
      finish(response.status);
      return { status: response.status, header: (name) => response.headers.get(name) ?? undefined, body };
    } catch (error) {
      request.signal?.throwIfAborted();
      finish(error instanceof Error ? error.name : "failed");
      throw toNetworkError(error, url.host, timeout.aborted);
    }
  };
}

/** A redirect is followed within the same origin alone, so that the token never reaches another one. */
async function follow(request: HttpRequest, url: URL, signal: AbortSignal): Promise<Response> {
  const { default: fetch } = await import("node-fetch"); // not before the first request
  let target = url;
  for (let hop = 0; hop <= redirectLimit; hop++) {
    if (!isSafeToSendTokens(target)) throw new Error("refused to send a token over plain http");
    const response = await fetch(target.href, {
      ...(request.body !== undefined && { method: "POST", body: request.body }),
      headers: {
        accept: request.accept,
        authorization: request.authorization,
        "user-agent": "connect-for-bitbucket",
        ...(request.body !== undefined && { "content-type": "application/json" }),
        ...(request.gitProtocol !== undefined && { "git-protocol": request.gitProtocol }),
      },
      redirect: "manual",
      size: request.limitBytes ?? answerLimitBytes,
      signal,
    });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || !location) return response;
    target = new URL(location, target);
    if (target.origin !== url.origin) {
      throw new UserError(
        "BadAnswer",
        l10n.t(
          "{0} redirects to {1}, where your token must not go. Check your proxy, or the settings webUrl and apiUrl.",
          url.host,
          target.host,
        ),
      );
    }
  }
  throw new UserError("BadAnswer", l10n.t("{0} redirects without end. Try again later.", url.host));
}

const tlsCodes =
  /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS|EPROTO|ERR_SSL|DEPTH_ZERO|HOSTNAME_MISMATCH/;

function toNetworkError(error: unknown, host: string, timedOut: boolean): UserError {
  if (error instanceof UserError) return error;
  const code = networkCode(error);
  const fixes = [{ kind: "retry" as const, title: l10n.t("Try again"), change: {} }];
  if (timedOut) {
    const seconds = String(timeoutMs / 1000);
    return new UserError(
      "Offline",
      l10n.t("{0} did not answer within {1} seconds. Try again.", host, seconds),
      {
        fixes,
      },
    );
  }
  if (code === "max-size" || code === "Z_DATA_ERROR") {
    return new UserError(
      "BadAnswer",
      l10n.t("{0} sent an answer that can't be read. Try again later.", host),
      { fixes },
    );
  }
  if (tlsCodes.test(code)) {
    return new UserError(
      "Offline",
      l10n.t(
        "The certificate of {0} is not trusted here ({1}). Install your organisation's certificate authority, or check the setting http.proxyStrictSSL.",
        host,
        code,
      ),
      { fixes },
    );
  }
  return new UserError(
    "Offline",
    l10n.t("{0} can't be reached ({1}). Check the network and the proxy settings.", host, code),
    { fixes },
  );
}

/** node-fetch puts the system's word for it (`ENOTFOUND`) in `code`, its own (`max-size`) in `type`. */
function networkCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  if ("type" in error && typeof error.type === "string") return error.type;
  return error instanceof Error ? error.name : "unknown";
}
