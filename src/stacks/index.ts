export { parseStack } from './parse.ts';
export { PREFLIGHT_STAGE, UPLOAD_STAGE, planStages, valueAt, type PlanNames } from './plan.ts';
export { stageFiles } from './files.ts';
export { resolvePlan, type PlanKnowledge } from './resolve.ts';
export type { Stack, StackStage } from './schema.ts';
export { stagesUntil } from './until.ts';
export { usesOf } from './uses.ts';
export { missingRoles } from './roles.ts';
