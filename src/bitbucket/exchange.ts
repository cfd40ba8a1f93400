import type { HttpAnswer, HttpRequest } from "./http";
import { endlessRedirect, foreignRedirect } from "./networkFault";

const answerLimitBytes = 5 * 1024 * 1024;
const redirectLimit = 3;

/**
 * One request and its answer. A redirect is followed within the same origin alone, so that the token never reaches
 * another one; what is posted is never posted again.
 */
export async function exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const start = new URL(request.url);
  let url = start;
  for (let hop = 0; hop <= redirectLimit; hop++) {
    const answer = await ask(request, url, signal);
    const target = redirectOf(answer, url);
    if (!target || request.body !== undefined) return answer;
    if (target.origin !== start.origin) throw foreignRedirect(start.host, target.host);
    url = target;
  }
  throw endlessRedirect(start.host);
}

async function ask(request: HttpRequest, url: URL, signal: AbortSignal): Promise<HttpAnswer> {
  const { default: fetch } = await import("node-fetch"); // not before the first request
  const response = await fetch(url.href, {
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
  const body = await response.text();
  return { status: response.status, header: (name) => response.headers.get(name) ?? undefined, body };
}

function redirectOf({ status, header }: HttpAnswer, url: URL): URL | undefined {
  const location = header("location");
  const isRedirect = status >= 300 && status < 400 && location !== undefined;
  return isRedirect && URL.canParse(location, url) ? new URL(location, url) : undefined;
}
