// The scenarios of `npm run load`, run by k6. Prepared by prepare.ts; started with its settings by ../load.ts.
import http from 'k6/http';
import { check } from 'k6';
import { Counter } from 'k6/metrics';

/* global __ENV, __VU, open */
const order = JSON.parse(open(__ENV.TOURNIQUET_ORDER));

/** Blocks of one file: u32le length, body, and so on. */
function readBlocks(file) {
  const bytes = open(`${order.directory}/${file}`, 'b');
  const view = new DataView(bytes);
  const blocks = [];
  for (let at = 0; at < bytes.byteLength;) {
    const end = at + 4 + view.getUint32(at, true);
    blocks.push(bytes.slice(at + 4, end));
    at = end;
  }
  return blocks;
}

// k6 lets a virtual user open only what the first pass (user 0) opened; each then keeps its own chain alone. Which user
// serves which scenario is k6's choice, so there is a chain for everyone.
if (__VU === 0) for (const file of order.blockFiles) open(`${order.directory}/${file}`, 'b');
const chain = __VU === 0 ? [] : readBlocks(order.blockFiles[__VU - 1]);
const lines = open(`${order.directory}/${order.linesFile}`);
const otlp = open(`${order.directory}/${order.otlpFile}`);

const acknowledged = { blocks: new Counter('acknowledged_blocks'), lines: new Counter('acknowledged_lines'), otlp: new Counter('acknowledged_otlp') };
const exhausted = new Counter('exhausted_chains');
const resent = new Counter('resent_blocks');

function arrivals(name, rate, users) {
  return { executor: 'constant-arrival-rate', exec: name, rate, timeUnit: '1s', duration: `${order.seconds}s`, preAllocatedVUs: users, maxVUs: users, gracefulStop: '30s' };
}

const thresholds = {
  http_req_failed: ['rate<0.001'],
  'http_req_duration{scenario:blocks}': ['p(99)<50'],
  checks: ['rate==1'],
  exhausted_chains: ['count==0'],
  // Requests that no virtual user was free for: the rate was not offered.
  dropped_iterations: [`count<${Math.ceil(order.rate * order.seconds * 0.01)}`],
};

export const options = {
  scenarios: Object.fromEntries(
    [['blocks', order.rate, order.users], ['plain', order.linesRate, order.linesUsers], ['otlpLogs', order.otlpRate, order.otlpUsers]]
      .filter(([, rate]) => rate > 0)
      .map(([name, rate, users]) => [name, arrivals(name, rate, users)]),
  ),
  thresholds,
  summaryTrendStats: ['min', 'med', 'avg', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max'],
};

let next = 0;
let tries = 0;

export { sendBlock as blocks, sendLines as plain, sendOtlp as otlpLogs };

/** The chain goes on only behind an acknowledged block; a block without an answer is sent again, and stored once. */
function sendBlock() {
  const body = chain[next];
  if (body === undefined) {
    exhausted.add(1);
    return;
  }
  if (tries > 0) resent.add(1);
  tries += 1;
  const answer = http.post(`${order.gatewayUrl}/v1/blocks`, body, { headers: { 'Content-Type': 'application/octet-stream', 'Content-Encoding': 'zstd' } });
  const receipt = answer.status === 200 ? answer.json('receipt') : undefined;
  const right = check(answer, { 'a block is answered with its receipt': () => receipt !== undefined && receipt.lines === order.linesPerBlock && receipt.first_seq === next * order.linesPerBlock });
  if (!right) return;
  acknowledged.blocks.add(receipt.lines);
  next += 1;
  tries = 0;
}

const bearer = { Authorization: `Bearer ${order.ingestKey}` };

function sendLines() {
  const answer = http.post(`${order.gatewayUrl}/v1/events?stream=${order.linesStream}`, lines, { headers: { ...bearer, 'Content-Type': 'application/x-ndjson' } });
  const accepted = answer.status === 200 ? answer.json('accepted') : 0;
  if (check(answer, { 'plain lines are accepted': () => accepted === order.linesPerBlock })) acknowledged.lines.add(accepted);
}

function sendOtlp() {
  const answer = http.post(`${order.gatewayUrl}/v1/logs?stream=${order.otlpStream}`, otlp, { headers: { ...bearer, 'Content-Type': 'application/json' } });
  const whole = answer.status === 200 && answer.json('partialSuccess') === undefined;
  if (check(answer, { 'OTLP records are accepted': () => whole })) acknowledged.otlp.add(order.linesPerBlock);
}

export function handleSummary(data) {
  return { [order.summaryFile]: JSON.stringify(data) };
}
