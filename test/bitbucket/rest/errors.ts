import { json, type Answer } from "../wire/answer";

/** A refusal in Bitbucket's own shape. */
export function errorAnswer(status: number, message: string, detail?: unknown, data?: unknown): Answer {
  const error = { message, ...(detail !== undefined && { detail }), ...(data !== undefined && { data }) };
  return json(status, { type: "error", error });
}

export function badRequest(message: string): Answer {
  return errorAnswer(400, message);
}

export function unauthorized(): Answer {
  return errorAnswer(401, "Token is invalid, expired, or not supported for this endpoint.");
}

export function lacksScope(granted: readonly string[], required: readonly string[]): Answer {
  const message = "Your credentials lack one or more required privilege scopes.";
  return errorAnswer(403, message, { granted, required });
}

/** Bitbucket doesn't tell a repository that isn't there from one that may not be seen. */
export const noAccess =
  "You may not have access to this repository or it no longer exists in this workspace. " +
  "If you think this repository exists and you have access, make sure you are authenticated.";

export function notFound(message: string): Answer {
  return errorAnswer(404, message);
}

/** https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-2770 */
export function removed(): Answer {
  return errorAnswer(
    410,
    "CHANGE-2770 - Functionality has been deprecated",
    "Please read the changelog entry for more details.",
    { announcement_url: "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770" },
  );
}
