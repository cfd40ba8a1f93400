/** Every command that the manifest contributes; a test compares the two. */
export const commandIds = {
  connectRepository: "bitbucketConnect.connectRepository",
  disconnectRepository: "bitbucketConnect.disconnectRepository",
  showLog: "bitbucketConnect.showLog",
} as const;

export type CommandName = keyof typeof commandIds;
export type CommandId = (typeof commandIds)[CommandName];
