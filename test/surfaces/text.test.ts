import { expect, test } from "vitest";
import { text } from "../../lib/surfaces/text.ts";
import { error, fail, pass, suite, warn } from "./reports.ts";
import { sheets } from "./sheets.ts";

test("a good answer says what it did not prove", () => {
  expect(text.write(pass, sheets)).toMatchInlineSnapshot(`
    "PASS https://orders.example.test:443 TLSv1.3, certificate: 61 days left
    measured from app orders-diag on elastic-premium, westeurope, instance 0f3a, 10.20.8.14; stands for
      orders-api (same plan and subnet); differs: WEBSITE_DNS_SERVER
    Not proved: that the application behind it is well; that a login works

      pass  expect.certDays  wanted at least 30, found 61 (10.20.1.5)

      resolve               pass  11.9 ms
      connect    10.20.1.5  pass   1.4 ms
      handshake  10.20.1.5  pass   9.8 ms

    resolve
      Addresses  10.20.1.5

    address 10.20.1.5
      connect
        From     10.20.8.14 port 51344
      handshake
        TLS      TLSv1.3
        Trusted  yes
        Names    orders.example.test

    Repeat  curl -sS 'https://orders-diag.example.test/api/check?target=orders.example.test'
    Run     5f0c6a1e-0d0b-4c7e-9d3f-2a1b0c9d8e7f at 2026-11-20T18:25:03.120Z, 23.4 ms, Sonde 0.1.0
    "
  `);
});

test("a bad answer says what broke, why, and what to look at", () => {
  expect(text.write(fail, sheets)).toMatchInlineSnapshot(`
    "FAIL tcp.timeout sql://orders.example.test:1433 no answer within 5.0 s
    measured from app orders-diag on elastic-premium, westeurope, instance 0f3a, 10.20.8.14; stands for
      orders-api (same plan and subnet); differs: WEBSITE_DNS_SERVER

      FAIL  expect.reachable  wanted true, found false (10.20.1.5)
      pass  expect.family     wanted 4, found 4

      resolve             pass    11.9 ms
      connect  10.20.1.5  FAIL  5000.2 ms  tcp.timeout
      sql      10.20.1.5  skip          -

    resolve
      Addresses  10.20.1.5

    address 10.20.1.5
      stopped at connect: tcp.timeout, no answer within 5.0 s

    FAIL tcp.timeout: Nothing answered
      Why       The packets were dropped on the way, or the answers were. A host that is there and has
                no such port refuses at once.
      Evidence  no answer within 5.0 s (10.20.1.5)
      Blame     network, likely
      Or else   The host is switched off
                A route sends the answers elsewhere
      Next      1. Outbound rules of the network security group on the integration subnet
                2. The next hop for 10.20.1.5 in the effective routes
      Run       az network watcher test-ip-flow --direction Outbound --protocol TCP --local \\
                '10.20.8.14:60000' --remote '10.20.1.5:1433' --vm orders-jump
      Docs      https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview

    Timing  degraded: the event loop was 41 ms late, with 7 stages in flight
    Run     5f0c6a1e-0d0b-4c7e-9d3f-2a1b0c9d8e7f at 2026-11-20T18:25:03.120Z, 5012.3 ms, Sonde 0.1.0
    "
  `);
});

test("two addresses have a paragraph each", () => {
  expect(text.write(warn, sheets)).toMatchInlineSnapshot(`
    "WARN tcp.refused https://orders.example.test:443 the connection was refused
    measured from app orders-diag on elastic-premium, westeurope, instance 0f3a, 10.20.8.14; stands for
      orders-api (same plan and subnet); differs: WEBSITE_DNS_SERVER
    Not proved: that the application behind it is well

      resolve                                         pass  2.3 ms
      connect  10.20.1.5                              pass  1.4 ms
      connect  2001:db8:85a3:1319:8a2e:370:7344:1001  FAIL  1.1 ms  tcp.refused

    resolve
      Addresses  10.20.1.5
                 2001:db8:85a3:1319:8a2e:370:7344:1001

    address 10.20.1.5
      connect
        From  10.20.8.14 port 51344

    address 2001:db8:85a3:1319:8a2e:370:7344:1001
      stopped at connect: tcp.refused, the connection was refused

    WARN tcp.refused: The port is closed
      Why       The host answered and has nothing listening on that port.
      Evidence  the connection was refused (2001:db8:85a3:1319:8a2e:370:7344:1001)
      Blame     target, certain
      Next      Whether the service listens on that address
      Docs      https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview

    Run     5f0c6a1e-0d0b-4c7e-9d3f-2a1b0c9d8e7f at 2026-11-20T18:25:03.120Z, 23.4 ms, Sonde 0.1.0
    "
  `);
});

test("a refusal of our own policy is short", () => {
  expect(text.write(error, sheets)).toMatchInlineSnapshot(`
    "ERROR policy.floor http://169.254.169.254:80 169.254.169.254 is a metadata address, and no setting
      opens it
    measured from this computer; stands for itself

    stopped at resolve: policy.floor, 169.254.169.254 is a metadata address

    Run     5f0c6a1e-0d0b-4c7e-9d3f-2a1b0c9d8e7f at 2026-11-20T18:25:03.120Z, 0.3 ms, Sonde 0.1.0
    "
  `);
});

test("a suite is a table, then each check that did not pass", () => {
  expect(text.write(suite, sheets)).toMatchInlineSnapshot(`
    "FAIL 1 of 3 checks failed
    measured from app orders-diag on elastic-premium, westeurope, instance 0f3a, 10.20.8.14; stands for
      orders-api (same plan and subnet); differs: WEBSITE_DNS_SERVER

      1  pass    23.4 ms  https://orders.example.test:443 TLSv1.3, certificate: 61 days left
      2  FAIL  5012.3 ms  tcp.timeout sql://orders.example.test:1433 no answer within 5.0 s
      3  skip    23.4 ms  tcp

    [2/3] FAIL tcp.timeout sql://orders.example.test:1433 no answer within 5.0 s

      resolve             pass    11.9 ms
      connect  10.20.1.5  FAIL  5000.2 ms  tcp.timeout
      sql      10.20.1.5  skip          -

    resolve
      Addresses  10.20.1.5

    address 10.20.1.5
      stopped at connect: tcp.timeout, no answer within 5.0 s

    FAIL tcp.timeout: Nothing answered
      Why       The packets were dropped on the way, or the answers were. A host that is there and has
                no such port refuses at once.
      Evidence  no answer within 5.0 s (10.20.1.5)
      Blame     network, likely
      Or else   The host is switched off
                A route sends the answers elsewhere
      Next      1. Outbound rules of the network security group on the integration subnet
                2. The next hop for 10.20.1.5 in the effective routes
      Run       az network watcher test-ip-flow --direction Outbound --protocol TCP --local \\
                '10.20.8.14:60000' --remote '10.20.1.5:1433' --vm orders-jump
      Docs      https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview

    Run     5f0c6a1e-0d0b-4c7e-9d3f-2a1b0c9d8e7f at 2026-11-20T18:25:03.120Z, 5040 ms, Sonde 0.1.0
    "
  `);
});

test("a suite says how often a check was tried", () => {
  const checks = [
    { ...fail, name: "dead", tries: 3, flaky: false },
    { ...pass, name: "late", tries: 2, flaky: true },
    { ...pass, name: "once", tries: 1 },
  ];
  const flat = text.write({ ...suite, checks }, sheets).replaceAll(/\s+/g, " ");
  expect(flat).toMatch(/FAIL [\d.]+ m?s dead: [^)]* \(tried 3 times\)/);
  expect(flat).toMatch(/pass [\d.]+ m?s late: .*? \(flaky: held at try 2\)/);
  expect(flat.match(/\(tried/g)).toHaveLength(1);
});
