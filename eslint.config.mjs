// Besides the usual: each folder may import only what design.md's arrows allow.
import js from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * @param {string[]} files
 * @param {{ vscode?: boolean, folders: string[] }} allowed the folders of src/ that these files must not import
 */
function folderRule(files, { vscode = false, folders }) {
  const patterns = folders.map((folder) => ({
    regex: `(^|/)${folder}/`,
    message: `Calls go one way: this folder must not import ${folder}/.`,
  }));
  const paths = vscode
    ? []
    : [{ name: "vscode", message: "This runs without VS Code: take what it needs as an argument." }];
  return {
    files,
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { paths, patterns }] },
  };
}

export default tseslint.config(
  { ignores: ["dist/", "out/", ".vscode-test/", "node_modules/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ["**/*.ts"] })),
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: { "max-lines-per-function": "off", "no-console": "off" },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: Object.fromEntries(nodeGlobals().map((name) => [name, "readonly"])) },
  },
  {
    files: ["src/**"],
    ignores: ["src/ui/messages.ts", "src/ui/progress.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "MemberExpression[property.name=/^(show(Information|Warning|Error)Message|withProgress)$/]",
          message:
            "Strangers' words become links in messages: show them by ui/messages.ts or ui/progress.ts.",
        },
      ],
    },
  },
  folderRule(["src/bitbucket/**"], {
    folders: ["git", "credentials", "flows", "ui", "commands", "protocol"],
  }),
  folderRule(["src/failures/**"], { folders: ["git", "credentials", "flows", "ui", "commands", "protocol"] }),
  folderRule(["src/protocol/**"], { folders: ["git", "credentials", "flows", "ui", "commands"] }),
  folderRule(["src/git/**"], { folders: ["credentials", "flows", "ui", "commands"] }),
  folderRule(["src/git/vscode*.ts", "src/credentials/vscode*.ts"], {
    vscode: true,
    folders: ["flows", "ui", "commands"],
  }),
  folderRule(["src/credentials/**"], { folders: ["flows", "ui", "commands"] }),
  folderRule(["src/flows/**"], { folders: ["ui", "commands"] }),
  folderRule(["src/ui/**"], { vscode: true, folders: ["commands", "credentials"] }),
  folderRule(["src/commands/**"], { vscode: true, folders: [] }),
);

function nodeGlobals() {
  return [
    "process",
    "console",
    "URL",
    "Buffer",
    "setTimeout",
    "clearTimeout",
    "AbortController",
    "AbortSignal",
    "fetch",
  ];
}
