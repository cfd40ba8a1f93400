import type { OpenRemotes } from "../../../src/git/openRemotes";

/** No rule stands in any config: Git knows the remotes as the editor does. */
export const editorsRemotes: Pick<OpenRemotes, "of"> = {
  of: ({ state }) =>
    Promise.resolve(
      state.remotes.map(({ name, fetchUrl = "", pushUrl = fetchUrl }) => ({
        name,
        fetchUrl,
        pushUrls: [pushUrl],
      })),
    ),
};
