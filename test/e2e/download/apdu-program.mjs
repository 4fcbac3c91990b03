// A program that speaks the stdio protocol of lpac, over stdin and stdout or over TCP (argument `port:N`). It shows the EID
// and the profiles as lpac does, POSTs what `post:URL` says, and exits with 3.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const [how = '', url = ''] = process.argv.slice(2);
const socket = how.startsWith('port:') ? connect(Number(how.slice(5)), '127.0.0.1') : undefined;
const reader = createInterface({ input: socket ?? process.stdin });
const lines = reader[Symbol.asyncIterator]();
const show = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function ask(type, payload) {
  (socket ?? process.stdout).write(`${JSON.stringify({ type, payload })}\n`);
  const { value } = await lines.next();
  const answer = JSON.parse(value);
  if (answer.type !== type) throw new Error(`${type} was answered by ${value}`);
  return answer.payload;
}

async function command(hex) {
  const length = (hex.length / 2).toString(16).padStart(2, '0');
  let { data } = await ask('apdu', { func: 'transmit', param: `81e29100${length}${hex}` });
  let whole = data.slice(0, -4);
  while (data.slice(-4, -2) === '61') {
    ({ data } = await ask('apdu', { func: 'transmit', param: `81c00000${data.slice(-2)}` }));
    whole += data.slice(0, -4);
  }
  return whole + data.slice(-4);
}

await ask('apdu', { func: 'connect', param: null });
const { ecode: channel } = await ask('apdu', {
  func: 'logic_channel_open',
  param: 'a0000005591010ffffffff8900000100',
});
if (channel !== 1) throw new Error(`the channel is ${channel}`);
show({ type: 'progress', payload: { code: 0, message: 'es10c_get_eid', data: null } });
const eid = await command('bf3e035c015a');
const profiles = await command('bf2d00');
const other = await ask('apdu', { func: 'logic_channel_open', param: 'a0000000871002' });
const wrong = await ask('apdu', { func: 'transmit', param: 'not hexadecimal' });
const posted = url
  ? await ask('http', {
      url,
      tx: '7b7d',
      headers: ['Content-Type: application/json', 'X-Admin-Protocol: gsma/rsp/v2.2.2'],
    })
  : undefined;
await ask('apdu', { func: 'logic_channel_close', param: '01' });
await ask('apdu', { func: 'disconnect', param: null });
const gone = await ask('apdu', { func: 'transmit', param: '81e2910006bf3e035c015a' });
show({
  type: 'lpa',
  payload: { code: 0, message: 'success', data: { eid, profiles, other, wrong, posted, gone } },
});
socket?.end();
reader.close();
process.exitCode = 3;
