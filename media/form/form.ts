import { parseMessageToForm } from "../../src/protocol/formMessages";
import { ConnectForm } from "./connectForm";
import { acquirePost } from "./post";
import { loadWords } from "./words";

loadWords();
const post = acquirePost();
const form = new ConnectForm(post);
document.querySelector("main")?.append(form.root);
window.addEventListener("message", (event: MessageEvent<unknown>) => {
  const message = parseMessageToForm(event.data);
  if (message) form.receive(message);
});
post({ type: "ready" });
