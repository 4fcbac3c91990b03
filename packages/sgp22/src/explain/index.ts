export { explain } from './explain.ts';
export { type ExplainOptions, formatNode, type Node } from './node.ts';
