import { csvLine } from '../../../shapes/csv-text.ts';
import type { CoreColumn, CoreNetwork } from '../../../store/ports/gateway/core-networks.ts';
import { CoreError } from '../core-error.ts';
import type { CoreCall, CoreKindClient } from '../core-kind.ts';
import { coreFileOf, type LineFile, updateFile } from '../line-file.ts';
import { needsMilenage, type Subscription, sqnDigits } from '../subscription.ts';
import { open5gsMembers } from './open5gs-document.ts';

/** The QoS class of ordinary data. */
const QCI = '9';

/** A line of user_db.csv of srsRAN 4G (srsEPC). */
export function srsranLine({ iccid, imsi, k, opc }: Subscription, { settings }: CoreNetwork): string {
  const { amf, sqn } = settings.terms;
  return [`esim-${iccid}`, 'mil', imsi, k, 'opc', opc, amf, sqnDigits(sqn), QCI, 'dynamic'].join(',');
}

/** A line of a CSV file with these columns. */
export function csvLineOf(subscription: Subscription, core: CoreNetwork): string {
  const { iccid, imsi, msisdn = '', algorithm, k, opc } = subscription;
  const { amf, sqn, apn, sst, sd = '' } = core.settings.terms;
  const values: Readonly<Record<CoreColumn, string>> = {
    ...{ iccid, imsi, msisdn, algorithm, ki: k, opc, amf, sqn: sqnDigits(sqn), apn, sst: String(sst), sd },
  };
  return csvLine(columnsOf(core).map((column) => values[column]));
}

const columnsOf = ({ settings }: CoreNetwork): readonly CoreColumn[] => settings.columns ?? [];

/** A statement of mongosh for the database of Open5GS. It can be run any number of times: the sequence number is set the first time only. */
export function open5gsLine(subscription: Subscription, core: CoreNetwork): string {
  const { imsi } = subscription;
  const { sqn } = core.settings.terms;
  const set = open5gsMembers(subscription, core);
  const first = `{"security.sqn":NumberLong("${sqn}")}`;
  return `db.subscribers.updateOne({"imsi":"${imsi}"},{"$set":${JSON.stringify(set)},"$setOnInsert":${first}},{"upsert":true});`;
}

export function open5gsRemoval(imsi: string): string {
  return `db.subscribers.deleteOne({"imsi":"${imsi}"});`;
}

/** How a kind writes its file. */
type FileKind = {
  readonly format: (core: CoreNetwork) => LineFile;
  readonly line: (subscription: Subscription, core: CoreNetwork) => string;
  /** What stays of a subscription that is removed; undefined: nothing. */
  readonly removal?: (imsi: string) => string;
};

function fileClient({ format, line, removal }: FileKind): CoreKindClient {
  const update = async (call: CoreCall, imsi: string, text: string | undefined): Promise<void> => {
    if (call.files === undefined)
      throw new CoreError('the server writes no files: set ESIM_CORE_FILES to a folder');
    await updateFile(coreFileOf(call.files, call.core), format(call.core), { key: imsi, text });
  };
  return {
    put: (call, subscription) => update(call, subscription.imsi, line(subscription, call.core)),
    remove: (call, imsi) => update(call, imsi, removal?.(imsi)),
  };
}

export const srsranCsv: CoreKindClient = {
  ...fileClient({
    format: () => ({
      header: '# Name,Auth,IMSI,Key,OP_Type,OP/OPc,AMF,SQN,QCI,IP_alloc',
      keyOf: (line) => (line.startsWith('#') ? undefined : line.split(',')[2]),
    }),
    line: srsranLine,
  }),
  cannotTake: needsMilenage,
};

export const csv: CoreKindClient = fileClient({
  format: (core) => {
    const columns = columnsOf(core);
    const at = columns.indexOf('imsi');
    return { header: columns.join(','), keyOf: (line) => line.split(',')[at] };
  },
  line: csvLineOf,
});

export const open5gsFile: CoreKindClient = {
  ...fileClient({
    format: () => ({
      header: '// mongosh open5gs FILE',
      keyOf: (line) => /^db\.subscribers\.\w+\(\{"imsi":"(\d+)"\}/.exec(line)?.[1],
    }),
    line: open5gsLine,
    removal: open5gsRemoval,
  }),
  cannotTake: needsMilenage,
};
