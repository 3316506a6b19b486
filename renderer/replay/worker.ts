import type { Question, Told } from './messages.ts';
import { createReader } from './reader.ts';

/** The part of a worker's global scope that is used here; the renderer's types are those of a page. */
interface Scope {
  postMessage(told: Told): void;
  onmessage: ((message: MessageEvent<Question>) => void) | null;
}

const scope = globalThis as unknown as Scope;
const receive = createReader((told) => {
  scope.postMessage(told);
});
scope.onmessage = ({ data }) => {
  void receive(data);
};
