/** How long the decoding of one answer of some 500 octets takes: `node bench/dns-decode.ts`. */
import { codec } from "../lib/protocols/dns/codec.ts";
import { message, opt, question, record, shorts } from "../test/protocols/dns/build.ts";

const ROUNDS = 20_000;
const LIMIT_US = 40;

const { decode } = await codec();
const name = "orders.privatelink.database.windows.net.";
const answers = Array.from({ length: 26 }, (_, index) =>
  record(shorts(0xc00c), "A", Buffer.from([10, 0, 0, index])),
);
const answer = message({ questions: [question(name, "A")], answers, additional: [opt([])] });

const each: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const start = performance.now();
  decode(answer);
  each.push((performance.now() - start) * 1000);
}
const sorted = each.slice(ROUNDS / 2).toSorted((one, other) => one - other);
const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
console.log(
  `${answer.length} octets: median ${at(0.5)} us, p99 ${at(0.99)} us; wanted: at most ${LIMIT_US} us`,
);
