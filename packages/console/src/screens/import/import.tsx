import type { ImportOptions } from '@esim-rsp/sdk';
import { type DragEvent, type FormEvent, useRef, useState } from 'react';
import { filled } from '../../parts/file-field.tsx';
import { Optional } from '../../parts/form.tsx';
import { useNumber } from '../../parts/numbers.ts';
import { Problem } from '../../parts/problem.tsx';
import { Title } from '../../parts/title.tsx';
import { useText } from '../../text/text.ts';
import { Progress } from './progress.tsx';
import { useImport } from './use-import.ts';

/** Drop a file, see how far it is and what failed, stop it. */
export function ImportScreen() {
  const text = useText();
  const words = text.import;
  const [file, setFile] = useState<File>();
  const run = useImport();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (file === undefined) return;
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? '').trim();
    void run.start(file, {
      format: formatOf(file.name),
      dry_run: form.get('dry') === 'on',
      failed_rows: 'reports',
      ...filled({ profile_type: field('type'), ignore_columns: field('ignored') }),
    });
  };
  return (
    <>
      <Title>{words.title}</Title>
      <form className="form" onSubmit={submit}>
        <Drop file={file} onFile={setFile} />
        <p className="muted">{words.kinds}</p>
        <label>
          <Optional name={words.type} />
          <input name="type" autoComplete="off" />
        </label>
        <label>
          <Optional name={words.ignored} />
          <input name="ignored" autoComplete="off" />
          <span className="muted">{words.ignoredHint}</span>
        </label>
        <label className="inline">
          <input type="checkbox" name="dry" />
          {words.dryRun}
        </label>
        <div className="actions">
          {run.isBusy ? (
            <button type="button" onClick={run.stop}>
              {words.stop}
            </button>
          ) : (
            <button type="submit" className="primary" disabled={file === undefined}>
              {words.start}
            </button>
          )}
        </div>
      </form>
      <Problem error={run.error} />
      {run.isStopped && <p role="status">{words.stopped}</p>}
      {run.counts !== undefined && <Progress run={run} size={file?.size ?? 0} />}
    </>
  );
}

function formatOf(name: string): ImportOptions['format'] {
  if (/\.zip$/i.test(name)) return 'zip';
  return /\.(ndjson|jsonl|json)$/i.test(name) ? 'ndjson' : 'csv';
}

function Drop({ file, onFile }: { file: File | undefined; onFile: (file: File | undefined) => void }) {
  const text = useText();
  const words = text.import;
  const write = useNumber();
  const [isOver, setIsOver] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    const { files } = event.dataTransfer;
    if (field.current !== null && files.length > 0) field.current.files = files; // so that it names the file too
    onFile(files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field inside does the same with the keyboard.
    <div
      className={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <label>
        {file === undefined
          ? words.drop
          : words.chosen(file.name, `${write(Math.ceil(file.size / 1024))} kB`)}
        <input
          ref={field}
          type="file"
          accept=".csv,.txt,.tsv,.ndjson,.jsonl,.json,.zip,.gz"
          onChange={({ target }) => onFile(target.files?.[0])}
        />
      </label>
    </div>
  );
}
