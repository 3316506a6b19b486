export { connect } from './connect.ts';
export { fingerprintOf } from './host-key.ts';
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
