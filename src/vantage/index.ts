export { attachMatrix } from './attach.ts';
export { destinationText, parseDestination, type Destination } from './destination.ts';
export { destinationOf } from './from-failure.ts';
export { laptopName, testFromLaptop, type LaptopTests } from './laptop.ts';
export type { PointPorts } from './open-point.ts';
export { runProbes } from './run.ts';
