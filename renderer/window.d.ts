import type { Bridge } from './clients/ipc.ts';

declare global {
  interface Window {
    readonly bringup?: Bridge;
  }
}
