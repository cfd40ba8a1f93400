/** Every command that the manifest contributes; a test compares the two. */
export const commandIds = {
  connectRepository: "bitbucketConnect.connectRepository",
  cloneRepository: "bitbucketConnect.cloneRepository",
  publishRepository: "bitbucketConnect.publishRepository",
  addToken: "bitbucketConnect.addToken",
  replaceToken: "bitbucketConnect.replaceToken",
  checkConnection: "bitbucketConnect.checkConnection",
  manageTokens: "bitbucketConnect.manageTokens",
  disconnectRepository: "bitbucketConnect.disconnectRepository",
  connectAll: "bitbucketConnect.connectAll",
  setUpGit: "bitbucketConnect.setUpGit",
  push: "bitbucketConnect.push",
  pushOther: "bitbucketConnect.pushOther",
  openOnBitbucket: "bitbucketConnect.openOnBitbucket",
  copyLink: "bitbucketConnect.copyLink",
  showLog: "bitbucketConnect.showLog",
} as const;

export type CommandName = keyof typeof commandIds;
