import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOmeStageRig, type OmeStageRig } from './ome-stage-rig.ts';

let rig: OmeStageRig;
beforeAll(async () => {
  rig = await startOmeStageRig();
});
afterAll(() => rig.close());

it('OpenManage Enterprise that Bringup deployed is vouched for by the certificate it first showed the KVM host', async () => {
  const { host, port, certificate } = rig.ome;
  const vars = {
    bringup_parameters: { ome: { mode: 'deploy', address: host, port, credential: 'ome' } },
    bringup_remote: { ome_certificate: certificate.sha256 },
  };
  const played = await rig.play('ome.yml', {}, '-e', JSON.stringify(vars));
  expect(played).toMatchObject({ code: 0, changed: [] });
});
