import { testNodes } from './nodes.harness.ts';

testNodes(20);
