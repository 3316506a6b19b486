import type { ComponentType } from 'react';
import { CablingStep } from './steps/CablingStep.tsx';
import { CompatibilityStep } from './steps/CompatibilityStep.tsx';
import { CredentialsStep } from './steps/CredentialsStep.tsx';
import { DiscoveryStep } from './steps/DiscoveryStep.tsx';
import { HostsStep } from './steps/HostsStep.tsx';
import { MachinesStep } from './steps/MachinesStep.tsx';
import { NetworksStep } from './steps/NetworksStep.tsx';
import { ParametersStep } from './steps/ParametersStep.tsx';
import { ProfilesStep } from './steps/ProfilesStep.tsx';
import { ReviewStep } from './steps/ReviewStep.tsx';
import { SiteStep } from './steps/SiteStep.tsx';
import type { StepId, StepProps } from './types.ts';

/** What each step draws between its heading and Back and Next. */
export const STEP_COMPONENTS: Readonly<Record<StepId, ComponentType<StepProps>>> = {
  site: SiteStep,
  networks: NetworksStep,
  hosts: HostsStep,
  credentials: CredentialsStep,
  discovery: DiscoveryStep,
  cabling: CablingStep,
  profiles: ProfilesStep,
  compatibility: CompatibilityStep,
  parameters: ParametersStep,
  machines: MachinesStep,
  review: ReviewStep,
};
