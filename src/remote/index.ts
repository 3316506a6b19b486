export { connect } from './connect.ts';
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
