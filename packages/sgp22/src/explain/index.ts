export { describeStatus } from './describe-status.ts';
export { explain } from './explain.ts';
export { type ExplainOptions, formatNode, type Node } from './node.ts';
