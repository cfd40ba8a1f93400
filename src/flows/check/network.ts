import * as l10n from "@vscode/l10n";
import * as net from "node:net";
import { homedir } from "node:os";
import * as path from "node:path";
import { splitGitUrl } from "../../bitbucket/gitUrl";
import { faultOf } from "../../bitbucket/networkFault";
import { remoteUrl } from "../../bitbucket/site";
import { UserError } from "../../errors";
import type { Verdict } from "./askBitbucket";
import { changeConnected, describeEdit, maskUrl } from "./configChange";
import type { Finding, FindingFix } from "./finding";
import { httpSetting, isTrue, matching, type GitSetting } from "../../git/gitSettings";
import { isReadable } from "./isReadable";
import type { Scene } from "./scene";

const clockToleranceMs = 5 * 60_000;

/** Whether Bitbucket could be asked, by the editor's own network settings, and whether the clocks agree. */
export function checkAnswers(verdicts: readonly Verdict[]): readonly Finding[] {
  const errors = verdicts.flatMap(({ outcome }) => (outcome instanceof UserError ? [outcome] : []));
  const offline = errors.find(({ code }) => code === "Offline");
  const trouble = errors.find(({ code }) => code === "BadAnswer" || code === "RateLimited");
  const lead = verdicts.find(({ clockLeadMs }) => clockLeadMs !== undefined)?.clockLeadMs ?? 0;
  return [
    ...(offline ? [unreachable(offline)] : []),
    ...(trouble ? [{ id: "bitbucket-trouble", severity: "warning", message: trouble.message } as const] : []),
    ...(Math.abs(lead) > clockToleranceMs ? [clockWrong(lead)] : []),
  ];
}

/** What stands between the editor and Bitbucket, and the setting that may mend it. */
function unreachable(error: UserError): Finding {
  const { message } = error;
  const kind = faultOf(error)?.kind;
  if (kind === "clock") return { id: "clock-wrong", severity: "error", message };
  if (kind === "certificate") {
    const fix = openSetting(l10n.t("Open certificate settings"), "http.systemCertificates");
    return { id: "editor-certificate-untrusted", severity: "error", message, fix };
  }
  const id = kind === "proxy" ? "editor-proxy-failed" : "bitbucket-unreachable";
  return { id, severity: "error", message, fix: openSetting(l10n.t("Open proxy settings"), "http.proxy") };
}

function openSetting(title: string, setting: string): FindingFix {
  const command = "workbench.action.openSettings";
  return { kind: "lead", title, fix: { kind: "runCommand", title, command, args: [setting] } };
}

function clockWrong(leadMs: number): Finding {
  const minutes = Math.round(Math.abs(leadMs) / 60_000);
  return {
    id: "clock-wrong",
    severity: "warning",
    message:
      leadMs > 0
        ? l10n.t(
            "This computer's clock is {0} minutes behind Bitbucket's, which affects certificates and expiry dates. Synchronize it.",
            minutes,
          )
        : l10n.t(
            "This computer's clock is {0} minutes ahead of Bitbucket's, which affects certificates and expiry dates. Synchronize it.",
            minutes,
          ),
  };
}

/** git's own way to Bitbucket, which has a proxy and certificates of its own. */
export async function checkGitNetwork(scene: Scene): Promise<readonly Finding[]> {
  const { subject, ports, settings } = scene;
  if (!subject || subject.isSsh) return [];
  const url = remoteUrl(ports.site, subject.repository);
  const found = await Promise.all([
    checkProxy(scene, url),
    checkCertificateFile(scene, httpSetting(settings, "sslcainfo", url), url),
  ]);
  return [...found.flat(), ...checkVerification(scene, url)];
}

async function checkProxy(scene: Scene, url: string): Promise<readonly Finding[]> {
  const key = `remote.${scene.subject?.remote ?? ""}.proxy`;
  const ofRemote = scene.settings.filter((one) => one.key === key).at(-1);
  const setting = ofRemote ?? httpSetting(scene.settings, "proxy", url);
  const parts =
    setting && splitGitUrl(/:\/\//.test(setting.value) ? setting.value : `http://${setting.value}`);
  if (!setting || !parts || (await canConnect(parts.host, Number(parts.port ?? "1080")))) return [];
  const keys = ofRemote ? [key] : localKeys(scene, "proxy", url, setting);
  return [
    {
      id: "proxy-unreachable",
      severity: "error",
      message: l10n.t(
        "Git's proxy {0} can't be reached. Remove it, or correct it.",
        maskUrl(parts.port === undefined ? parts.host : `${parts.host}:${parts.port}`),
      ),
      ...unset(scene, l10n.t("Remove proxy"), keys),
    },
  ];
}

const connectTimeoutMs = 3_000;

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: host.replace(/^\[(.*)\]$/, "$1"), port, timeout: connectTimeoutMs });
    const finish = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => {
      finish(true);
    });
    for (const event of ["error", "timeout"]) {
      socket.once(event, () => {
        finish(false);
      });
    }
  });
}

function checkVerification(scene: Scene, url: string): readonly Finding[] {
  const setting = httpSetting(scene.settings, "sslverify", url);
  if (!setting || isTrue(setting.value)) return [];
  return [
    {
      id: "certificate-not-checked",
      severity: "warning",
      message: l10n.t(
        "Git doesn't check Bitbucket's certificate (http.sslVerify is off), which exposes tokens. Turn the check on.",
      ),
      ...unset(scene, l10n.t("Check certificates"), localKeys(scene, "sslverify", url, setting)),
    },
  ];
}

async function checkCertificateFile(
  scene: Scene,
  setting: GitSetting | undefined,
  url: string,
): Promise<readonly Finding[]> {
  if (!setting || setting.value === "") return [];
  const file = path.resolve(scene.local.root, setting.value.replace(/^~(?=[/\\])/, homedir()));
  if (await isReadable(file)) return [];
  return [
    {
      id: "certificate-file-missing",
      severity: "error",
      message: l10n.t(
        "Git can't read the certificates in {0} (http.sslCAInfo). Remove the setting, or restore the file.",
        setting.value,
      ),
      ...unset(scene, l10n.t("Remove setting"), localKeys(scene, "sslcainfo", url, setting)),
    },
  ];
}

/** What of it stands in the repository's own config: the person's own is theirs to change. */
function localKeys({ config }: Scene, name: string, url: string, { value }: GitSetting): readonly string[] {
  const own = [...config].flatMap(([key, values]) => values.map((one) => ({ key, value: one })));
  const bad = matching(own, "http", name, url).filter((one) => one.value === value);
  return [...new Set(bad.map(({ key }) => key))];
}

function unset(scene: Scene, title: string, keys: readonly string[]): { fix?: FindingFix } {
  const { ports, config, configFile, commonDir } = scene;
  const edits = keys.flatMap((key) => {
    const before = config.get(key);
    return before ? [{ key, before, after: [] }] : [];
  });
  if (edits.length === 0) return {};
  return {
    fix: {
      kind: "repair",
      title,
      preview: () => edits.map(describeEdit),
      apply: async () => ({ undo: await changeConnected(ports, commonDir, configFile, edits) }),
    },
  };
}
