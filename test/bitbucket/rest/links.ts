import type { Repository } from "../model/world";

/** The addresses that answers are full of. */
export class Links {
  constructor(
    readonly webUrl: string,
    readonly apiUrl: string,
  ) {}

  api(path: string): { href: string } {
    return { href: `${this.apiUrl}${path}` };
  }

  web(path: string): { href: string } {
    return { href: `${this.webUrl}${path}` };
  }

  /** As Bitbucket does, the https one names a user before the host: clients must drop it. */
  clone({ fullName }: Repository, userName: string): { name: string; href: string }[] {
    const web = new URL(`${this.webUrl}/${fullName}.git`);
    web.username = userName;
    return [
      { name: "https", href: web.href },
      { name: "ssh", href: `ssh://git@bitbucket.org/${fullName}.git` },
    ];
  }
}
