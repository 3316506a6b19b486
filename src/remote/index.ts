export { connect } from './connect.ts';
export { dial } from './dial.ts';
export { fingerprintOf } from './host-key.ts';
export { checkPrivateKey } from './private-key.ts';
export { quote } from './quote.ts';
export type {
  ExecOptions,
  ExecResult,
  RemoteConnection,
  RemotePorts,
  RemoteTarget,
  UploadOptions,
  UploadProgress,
  UploadResult,
} from './types.ts';
