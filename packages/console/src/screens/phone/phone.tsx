import { useState } from 'react';
import { Problem } from '../../parts/problem.tsx';
import { Title } from '../../parts/title.tsx';
import { useMay } from '../../session/session.ts';
import { useText } from '../../text/text.ts';
import { AddEsim } from './add-esim.tsx';
import { Conversation } from './conversation.tsx';
import { Ended, Working } from './download.tsx';
import { EsimList } from './esim-list.tsx';
import { Question } from './question.tsx';
import { usePhone } from './use-phone.ts';

type Page = 'list' | 'add' | 'download';

/** A phone that downloads from this server, next to what its parts say to each other. */
export function PhoneScreen() {
  const text = useText();
  const words = text.phone;
  const mayOrder = useMay('order');
  const { phone, faults, events, error, reload } = usePhone();
  const [page, setPage] = useState<Page>('list');
  const end = events.find(({ type }) => type === 'download.ended')?.end;
  const download = phone?.download;
  const shown: Page = download !== undefined ? 'download' : page;
  return (
    <>
      <Title>{words.title}</Title>
      <p className="lead">{words.lead}</p>
      <Problem error={error} />
      <div className="lab">
        <section className="handset" aria-label={words.title}>
          <div className="speaker" aria-hidden="true" />
          <div className="screen">
            {phone === undefined ? (
              <p role="status">{text.loading}</p>
            ) : shown === 'add' ? (
              <AddEsim
                faults={faults}
                onStarted={() => {
                  setPage('download');
                  reload();
                }}
                onBack={() => setPage('list')}
              />
            ) : shown === 'download' ? (
              download?.question !== undefined ? (
                <Question key={String(download.question.again)} download={download} onAnswered={reload} />
              ) : download === undefined && end !== undefined ? (
                <Ended end={end} onClose={() => setPage('list')} />
              ) : (
                <Working events={events} />
              )
            ) : (
              <EsimList phone={phone} mayChange={mayOrder} onAdd={() => setPage('add')} onChanged={reload} />
            )}
          </div>
          {phone !== undefined && <p className="eid">EID {phone.eid}</p>}
        </section>
        <Conversation events={events} />
      </div>
    </>
  );
}
