import type { PushFailure } from "../../../src/failures/gitFailure";

/** What somebody's git printed, where it was reported, and what it means. */
export interface Report {
  readonly source: string;
  readonly stderr: string;
  readonly kind: PushFailure["kind"];
}

const issue = (name: string) => `https://github.com/${name}`;
const reports: Report[] = [];
const add = (source: string, kind: PushFailure["kind"], ...lines: string[]) =>
  reports.push({ source, kind, stderr: lines.join("\n") });

// 401 and no sign-in
add(
  issue("brackets-userland/brackets-git/issues/908"),
  "tokenRejected",
  "remote: Invalid username or password.",
  "fatal: Authentication failed for 'https://rockts:***@github.com/rockts/php-c.git/'",
);
add(
  issue("mislav/hub/issues/2642"),
  "tokenRejected",
  "remote: Invalid username or password.",
  "fatal: Authentication failed for 'https://github.com/kr14official/kr14-V.2.0.git/'",
);
add(
  "git 2.39.5 against the embedded Bitbucket, which answers as Bitbucket does (AsyncFuncAI/deepwiki-open#444)",
  "tokenRejected",
  "remote: Token is invalid, expired, or not supported for this endpoint.",
  "fatal: Authentication failed for 'https://bitbucket.org/acme/payments.git/'",
);
add(
  issue("desktop/desktop/issues/19653"),
  "signInAsked",
  "fatal: could not read Username for 'https://adtbitbucket.accenture.com': terminal prompts disabled",
);
add(
  issue("buildkite/docs/issues/273"),
  "signInAsked",
  "fatal: could not read Password for 'https://kirantask@bitbucket.org': terminal prompts disabled",
);
add(
  issue("timbrel/GitSavvy/issues/346"),
  "signInAsked",
  "bash: /dev/tty: No such device or address",
  "error: failed to execute prompt script (exit code 1)",
  "fatal: could not read Username for 'https://github.com': Invalid argument",
);
// 403
add(
  issue("microsoft/vscode/issues/115830"),
  "forbidden",
  "fatal: unable to access 'https://xxxx@bitbucket.org/xxx/xxxx.git/': The requested URL returned error: 403",
);
add(
  issue("trilbymedia/grav-plugin-git-sync/issues/195"),
  "forbidden",
  "remote: Permission to WebAssembly/website.git denied to sureshjangid.",
  "fatal: unable to access 'https://github.com/WebAssembly/website/': The requested URL returned error: 403",
);
add(
  issue("gitbucket/gitbucket/issues/1679"),
  "forbidden",
  "Total 108 (delta 29), reused 0 (delta 0)",
  "error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403 Forbidden",
  "fatal: The remote end hung up unexpectedly",
  "Everything up-to-date",
);
add(issue("maks/MGit/issues/569"), "forbidden", "git-receive-pack not permitted");
// 404
add(
  issue("desktop/desktop/issues/12796"),
  "tokenRejected",
  "remote: Repository not found.",
  "fatal: Authentication failed for 'https://github.com/mrousavy/clipdrop.git/'",
);
add(
  issue("chef-boneyard/delivery-cli/issues/30"),
  "notFound",
  "fatal: remote error: Repository not found",
  "The requested repository does not exist, or you do not have permission to",
  "access it.",
);
// 410: https://github.com/isomorphic-git/isomorphic-git/issues/2364 says the status, git 2.39.5 printed the words
add(
  issue("isomorphic-git/isomorphic-git/issues/2364"),
  "appPassword",
  "remote: App passwords are deprecated and must be replaced with API tokens.",
  "fatal: unable to access 'https://bitbucket.org/isomorphic-git/test.empty/': The requested URL returned error: 410",
);
// 413 and size
add(
  issue("go-gitea/gitea/issues/32839"),
  "tooLarge",
  "Total 22575327 (delta 17739960), reused 22574907 (delta 17739606), pack-reused 0",
  "error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413",
  "send-pack: unexpected disconnect while reading sideband packet",
  "fatal: the remote end hung up unexpectedly",
  "Everything up-to-date",
);
add(
  issue("gogs/gogs/issues/2945"),
  "tooLarge",
  "Compressing objects: 100% (60002/60002), done.",
  "error: RPC failed; result=22, HTTP code = 413 | 282.00 KiB/s",
  "fatal: The remote end hung up unexpectedly",
  "Everything up-to-date",
);
add(
  issue("mathieudutour/git-sketch-plugin/issues/146"),
  "tooLarge",
  "remote: repository is in read only mode (over 2 GB size limit).        ",
  "remote: ",
  "remote: Learn how to reduce your repository size: https://confluence.atlassian.com/x/xgMvEw.        ",
  "To https://bitbucket.org/advertima/manager-designs.git",
  " ! [remote rejected] design -> design (pre-receive hook declined)",
  "error: failed to push some refs to 'https://szatapa@bitbucket.org/advertima/manager-designs.git'",
);
add(
  issue("microsoft/vsts-wikiTools/issues/7"),
  "tooLarge",
  "error: unpack failed: error The blob object c369b024fcb95da6ee4682eab5c840c1c9cb1ba0 was rejected.",
  "To https://x.visualstudio.com/DefaultCollection/xxx/_git/xxx.wiki",
  " ! [remote rejected] wikiMaster -> wikiMaster (The object exceeds the limit of 4194304 bytes)",
);
// 429
add(
  issue("sider/runners/issues/1233"),
  "rateLimited",
  "fatal: unable to access 'https://[FILTERED]@github.com/org/repo/': The requested URL returned error: 429 ",
);
// 5xx
add(
  issue("go-gitea/gitea/issues/5614"),
  "serverProblem",
  "Total 9 (delta 6), reused 0 (delta 0)",
  "error: RPC failed; HTTP 504 curl 22 The requested URL returned error: 504",
  "fatal: the remote end hung up unexpectedly",
  "fatal: the remote end hung up unexpectedly",
  "Everything up-to-date",
);
add(
  issue("xetdata/xet-core/pull/363"),
  "serverProblem",
  "error: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500",
  "send-pack: unexpected disconnect while reading sideband packet",
  "fatal: the remote end hung up unexpectedly",
);
add(
  issue("MakerPress/atlas-public-feedback/issues/125"),
  "serverProblem",
  "Writing objects: 100% (27/27), 1.10 MiB | 105 KiB/s, done.",
  "error: RPC failed; result=22, HTTP code = 502",
  "fatal: The remote end hung up unexpectedly",
);
// TLS
add(
  issue("go-gitea/gitea/issues/8063"),
  "untrustedCertificate",
  "fatal: unable to access 'https://localhost/gitea/user/project.git/': SSL certificate problem: unable to get local issuer certificate",
);
add(
  issue("flynn/flynn/issues/3031"),
  "untrustedCertificate",
  "fatal: unable to access 'https://blah/blah.git/': SSL: certificate verification failed (result: 5)",
);
add(
  issue("desktop/desktop/issues/3889"),
  "untrustedCertificate",
  "fatal: unable to access 'https://github.com/RacheLev/project-2-personal-page.git/': schannel: next InitializeSecurityContext failed: Unknown error (0x80092012) - The revocation function was unable to check revocation for the certificate.",
);
add(
  issue("desktop/desktop/issues/12683"),
  "tlsFailed",
  "fatal: unable to access 'https://github.com/wy-hust/machine-learning-upload.git/': schannel: failed to receive handshake, SSL/TLS connection failed",
);
add(
  issue("pytorch/executorch/pull/18137"),
  "tlsFailed",
  "fatal: unable to access 'https://git.gitlab.arm.com/artificial-intelligence/ethos-u/ethos-u-core-driver.git/': schannel: next InitializeSecurityContext failed: SEC_E_ILLEGAL_MESSAGE (0x80090326) - This error usually occurs when a fatal SSL/TLS alert is received (e.g. handshake failed).",
);
// offline
add(
  issue("desktop/desktop/issues/10729"),
  "offline",
  "fatal: unable to access 'https://bitbucket.org/a/b.git/': LibreSSL SSL_connect: SSL_ERROR_SYSCALL in connection to bitbucket.org:443",
);
add(
  issue("git-for-windows/git/issues/5529"),
  "offline",
  "fatal: unable to access 'https://github.com/WebKit/WebKit.git/': schannel: server closed abruptly (missing close_notify)",
);
add(
  issue("0xApt/awesome-bbht/issues/7"),
  "offline",
  "fatal: unable to access 'https://github.com/0xApt/awesome-bbht.sh/': Could not resolve host: github.com",
);
add(
  issue("desktop/desktop/issues/13404"),
  "offline",
  "fatal: unable to access 'https://github.com/KyleGlov3r/164F2021_Airvrbo.git/': Failed to connect to github.com port 443: Connection refused",
);
add(
  issue("ycm-core/YouCompleteMe/issues/3907"),
  "offline",
  "fatal: unable to access 'https://bitbucket.org/mrabarnett/mrab-regex.git/': Empty reply from server",
);
add(
  issue("desktop/desktop/issues/12186"),
  "offline",
  "Writing objects: 100% (80/80), 2.59 MiB | 2.07 MiB/s, done.",
  "error: RPC failed; curl 92 HTTP/2 stream 0 was not closed cleanly: CANCEL (err 8)",
  "fatal: the remote end hung up unexpectedly",
  "Everything up-to-date",
);
add(
  issue("desktop/desktop/issues/12569"),
  "offline",
  "error: RPC failed; curl 18 transfer closed with outstanding read data remaining",
  "send-pack: unexpected disconnect while reading sideband packet",
  "fatal: the remote end hung up unexpectedly",
);
// SSH
add(
  issue("microsoft/vscode/issues/105252"),
  "offline",
  "ssh: connect to host bitbucket.mycomp.com port 7999: Connection timed out",
  "fatal: Could not read from remote repository.",
);
// not fast-forward
add(
  issue("nus-cs2103-AY2425S2/forum/issues/482"),
  "notFastForward",
  "To https://github.com/ypuppy/tp.git",
  " ! [rejected]          branch_Add_GradeField -> branch_Add_GradeField (fetch first)",
  "error: failed to push some refs to 'https://github.com/ypuppy/tp.git'",
  "hint: Updates were rejected because the remote contains work that you do not",
  "hint: have locally. This is usually caused by another repository pushing to",
);
add(
  issue("Expensify/App/pull/53127"),
  "notFastForward",
  "Can't find Husky, skipping pre-push hook",
  "To github.com:Expensify/App.git",
  " ! [rejected]                vit-unitTests -> vit-unitTests (non-fast-forward)",
  "error: failed to push some refs to 'github.com:Expensify/App.git'",
);
// Bitbucket's own hooks
add(
  "https://community.developer.atlassian.com/t/bitbucket-pipelines-push-back-to-repository (2026-01), https://support.atlassian.com/bitbucket-cloud/kb/unable-to-push-to-repository-pre-receive-hook-declined-error/",
  "branchRestricted",
  "remote: Permission denied to update branch master.",
  "To https://bitbucket.org/acme/api.git",
  " ! [remote rejected] master -> master (pre-receive hook declined)",
  "error: failed to push some refs to 'https://bitbucket.org/acme/api.git'",
);
add(
  issue("reconquest/atlassian-external-hooks/issues/139"),
  "hookDeclined",
  " ! [remote rejected] feature/branch-name -> feature/branch-name (pre-receive hook declined)",
  "error: failed to push some refs to 'ssh://git@server:7999/proj/repo'",
);
add(
  issue("Bioconductor/bioc_git_transition/issues/19"),
  "hookDeclined",
  "remote: FATAL: W refs/heads/RELEASE_3_5 packages/BiocStyle a.oles DENIED by fallthru",
  "remote: error: hook declined to update refs/heads/RELEASE_3_5",
  "To git@git.bioconductor.org:packages/BiocStyle",
  " ! [remote rejected] RELEASE_3_5 -> RELEASE_3_5 (hook declined)",
);
// hooks of the repository
add(
  issue("typicode/husky/issues/16"),
  "localHook",
  "husky - pre-push hook failed (add -n to bypass)",
  "",
  "error: failed to push some refs to 'git@github.com:maxvipon/datef.git'",
);
add(
  issue("guardian/support-service-lambdas/pull/2607"),
  "localHook",
  "fatal: bad revision 'origin/ph-20241219-1154-upgrade'",
  "husky - pre-push script failed (code 128)",
  "error: failed to push some refs to 'https://github.com/guardian/support-service-lambdas.git'",
);
// LFS
add(
  issue("commitizen-tools/commitizen-action/issues/7"),
  "largeFileStorage",
  "",
  "This repository is configured for Git LFS but 'git-lfs' was not found on your path. If you no longer wish to use Git LFS, remove this hook by deleting .git/hooks/pre-push.",
  "",
  "error: failed to push some refs to 'https://github.com/sanzoghenzo/wsl-tools.git'",
);
add(
  issue("git-lfs/git-lfs/issues/3002"),
  "largeFileStorage",
  "batch response: Authorization error: http://bitbucket.lars.com/scm/di/deep-learning.git/info/lfs/objects/batch ",
  "Check that you have proper access to the repository",
  "error: failed to push some refs to 'ssh://git@10.15.56.72:7999/di/deep-learning.git'",
);
add(
  issue("git-lfs/git-lfs/issues/3770"),
  "largeFileStorage",
  "Fatal error: Server error: https://bitbucket.org/%7B%7D/%7B2150fbb3-0801-4187-8999-eb56f8b5725e%7D/info/lfs/object/verify?upload_id=a1870849-aa6c-4d89-a2e0-777a50dad6db",
  "error: failed to push some refs to 'https://<...>.git'",
  "Uploading LFS objects:   0% (0/1), 109 KB | 0 B/s, done",
);
// here
add(
  issue("git-for-windows/git/issues/2992"),
  "noSuchBranch",
  "error: src refspec main does not match any",
  "error: failed to push some refs to 'github.com:usha-ui/git-repo-harry.git'",
);
add(
  issue("brackets-userland/brackets-git/issues/861"),
  "noSuchBranch",
  "error: src refspec dev does not match any.",
  "error: failed to push some refs to 'git@bitbucket.org:elvin85/eh-theme.git'",
);

export const pushFailureReports: readonly Report[] = reports;
