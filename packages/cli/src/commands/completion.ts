import { Argument, type Command } from 'commander';
import { type CommandTree, examples, helpText } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type Place, placesIn } from '../completion/places.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { jsonOf, type OutputOptions } from '../output.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
type Shell = keyof typeof scripts;

/** `esim completion`: prints the script by which a shell completes commands, options and their values. */
export function configure(command: Command, tree: CommandTree): void {
  command
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(scripts)))
    .option('--json', 'write the script as JSON to stdout')
    .addHelpText(
      'after',
      helpText(
        "The shell completes the command 'esim', so it must be in the PATH: in a clone, add node_modules/.bin to it.",
      ),
    )
    .action((shell: Shell, options: OutputOptions) => print(shell, tree, options));
  examples(command, {
    'source <(esim completion bash)': 'in ~/.bashrc',
    'source <(esim completion zsh)': 'in ~/.zshrc, after compinit',
    'esim completion fish | source': 'in config.fish',
  });
}

async function print(shell: Shell, tree: CommandTree, { json }: OutputOptions): Promise<void> {
  const places: Place[] = await placesIn(tree);
  const script = scripts[shell](places);
  process.stdout.write(json ? `${jsonOf({ shell, script }, 2)}\n` : script);
}
