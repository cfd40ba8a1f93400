/** What of a folder's top level shows that such work is done in it, and what that work leaves behind. */
interface IgnoreRule {
  readonly marks: RegExp;
  readonly patterns: readonly string[];
}

/**
 * The patterns that matter out of github.com/github/gitignore (CC0-1.0), for what can be told from file names. No
 * package has them to offer: those on npm fetch the templates from GitHub when they run, or only read such files.
 */
const rules: readonly IgnoreRule[] = [
  {
    marks: /^package\.json$/,
    patterns: ["node_modules/", "npm-debug.log*", "yarn-error.log*", ".eslintcache", "*.tsbuildinfo"],
  },
  { marks: /^(next\.config\.\w+|nuxt\.config\.\w+)$/, patterns: [".next/", ".nuxt/", ".output/"] },
  {
    marks: /^(pyproject\.toml|requirements.*\.txt|setup\.(py|cfg)|Pipfile|.*\.py)$/,
    patterns: [
      ...["__pycache__/", "*.py[cod]", ".venv/", "venv/", "*.egg-info/"],
      ...[".pytest_cache/", ".mypy_cache/", ".ruff_cache/", ".ipynb_checkpoints/"],
    ],
  },
  { marks: /^Cargo\.toml$/, patterns: ["target/"] },
  { marks: /^pom\.xml$/, patterns: ["target/", "*.class"] },
  { marks: /^(build|settings)\.gradle(\.kts)?$/, patterns: [".gradle/", "build/", "*.class"] },
  { marks: /^go\.mod$/, patterns: ["*.test", "*.out"] },
  { marks: /\.(sln|slnx|csproj|fsproj|vbproj)$/, patterns: ["bin/", "obj/", ".vs/", "*.user"] },
  { marks: /^composer\.json$/, patterns: ["vendor/"] },
  { marks: /^Gemfile$/, patterns: [".bundle/", "vendor/bundle/"] },
  { marks: /^CMakeLists\.txt$/, patterns: ["build/", "CMakeCache.txt", "CMakeFiles/"] },
  { marks: /\.tf$/, patterns: [".terraform/", "*.tfstate", "*.tfstate.*"] },
  { marks: /^pubspec\.yaml$/, patterns: [".dart_tool/", "build/"] },
  { marks: /^Package\.swift$/, patterns: [".build/", ".swiftpm/", "xcuserdata/"] },
  { marks: /\.(xcodeproj|xcworkspace)$/, patterns: ["xcuserdata/", "DerivedData/"] },
  { marks: /^mix\.exs$/, patterns: ["_build/", "deps/"] },
  { marks: /^\.idea$/, patterns: [".idea/workspace.xml"] },
  { marks: /^\.DS_Store$/, patterns: [".DS_Store"] },
  { marks: /^(Thumbs\.db|desktop\.ini)$/i, patterns: ["Thumbs.db", "desktop.ini"] },
  {
    marks: /^\.env(?!.*\.(example|sample|template|dist)$)(\..+)?$/,
    patterns: [".env", ".env.*", "!.env.example"],
  },
];

/** Patterns for a `.gitignore`, by the names of what is in the folder; none where nothing there calls for one. */
export function proposeIgnored(names: readonly string[]): readonly string[] {
  const wanted = rules.filter(({ marks }) => names.some((name) => marks.test(name)));
  return [...new Set(wanted.flatMap(({ patterns }) => patterns))];
}

export function toIgnoreText(patterns: readonly string[]): string {
  return `${patterns.join("\n")}\n`;
}
