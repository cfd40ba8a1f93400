import { editorContract } from "./support/editorContract";
import { EditorRepository } from "./support/editorRepository";

editorContract("our double of the editor", (folder) => Promise.resolve(new EditorRepository(folder)));
