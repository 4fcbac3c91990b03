import type { EngineKind } from '../engine.ts';
import { postgres } from './postgres.ts';
import { sqlite } from './sqlite.ts';

export const engines: readonly EngineKind[] = [sqlite, postgres];
