// The words that people read: `npm run words` takes the English ones from the sources into l10n/bundle.l10n.json, and
// says what each language lacks or has too much.
import { bundleScript } from "./build.mjs";
import { main } from "./host/main.mjs";
import { projectRoot } from "./host/places.mjs";

await main(async () => {
  const { updateWords } = await import(await bundleScript("test/words/updateWords.ts"));
  const todo = updateWords(projectRoot);
  for (const line of todo) console.log(line);
  console.log(todo.length === 0 ? "Every language has all words." : `To do: ${todo.length}`);
  return todo.length === 0 ? 0 : 1;
});
