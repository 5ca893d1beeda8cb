import { expect, test } from "vitest";
import { markdown } from "../../lib/surfaces/markdown.ts";
import { fail, pass, suite, warn } from "./reports.ts";
import { sheets } from "./sheets.ts";

test("a good answer says what it did not prove", () => {
  expect(markdown.write(pass, sheets)).toMatchInlineSnapshot(`
    "## PASS \`https://orders.example.test:443\` TLSv1.3, certificate: 61 days left

    measured from app orders-diag on elastic-premium, westeurope, instance 0f3a, 10.20.8.14; stands for orders-api (same plan and subnet); differs: WEBSITE\\_DNS\\_SERVER

    **Not proved:** that the application behind it is well; that a login works

    | expected | | wanted | found | on |
    | --- | --- | --- | --- | --- |
    | \`certDays\` | pass | at least 30 | 61 | 10.20.1.5 |

    | step | on | verdict | ms | code |
    | --- | --- | --- | ---: | --- |
    | resolve |  | pass | 11.9 |  |
    | connect | 10.20.1.5 | pass | 1.4 |  |
    | handshake | 10.20.1.5 | pass | 9.8 |  |

    ### Facts

    **resolve**

    - Addresses: 10.20.1.5

    ### address 10.20.1.5

    **connect**

    - From: 10.20.8.14 port 51344

    **handshake**

    - TLS: TLSv1.3
    - Trusted: yes
    - Names: orders.example.test

    **Repeat**

    \`\`\`sh
    curl -sS 'https://orders-diag.example.test/api/check?target=orders.example.test'
    \`\`\`

    Run 5f0c6a1e-0d0b-4c7e-9d3f-2a1b0c9d8e7f at 2026-11-20T18:25:03.120Z, 23.4 ms, Sonde 0.1.0
    "
  `);
});

test("a bad answer says what broke, why, and what to look at", () => {
  expect(markdown.write(fail, sheets)).toMatchInlineSnapshot(`
    "## FAIL tcp.timeout \`sql://orders.example.test:1433\` no answer within 5.0 s

    measured from app orders-diag on elastic-premium, westeurope, instance 0f3a, 10.20.8.14; stands for orders-api (same plan and subnet); differs: WEBSITE\\_DNS\\_SERVER

    | expected | | wanted | found | on |
    | --- | --- | --- | --- | --- |
    | \`reachable\` | **FAIL** | true | false | 10.20.1.5 |
    | \`family\` | pass | 4 | 4 |  |

    | step | on | verdict | ms | code |
    | --- | --- | --- | ---: | --- |
    | resolve |  | pass | 11.9 |  |
    | connect | 10.20.1.5 | **FAIL** | 5000.2 | \`tcp.timeout\` |
    | sql | 10.20.1.5 | skip |  |  |

    ### **FAIL** \`tcp.timeout\`: Nothing answered

    The packets were dropped on the way, or the answers were. A host that is there and has no such port refuses at once.

    - **Evidence:** no answer within 5.0 s (10.20.1.5)
    - **Blame:** network, likely
    - **Or else:** The host is switched off
    - **Or else:** A route sends the answers elsewhere
    - **Docs:** \`https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview\`

    **Next**

    1. Outbound rules of the network security group on the integration subnet
    2. The next hop for 10.20.1.5 in the effective routes

    \`\`\`sh
    az network watcher test-ip-flow --direction Outbound --protocol TCP --local '10.20.8.14:60000' --remote '10.20.1.5:1433' --vm orders-jump
    \`\`\`

    ### Facts

    **resolve**

    - Addresses: 10.20.1.5

    ### address 10.20.1.5

    Stopped at connect: \`tcp.timeout\`, no answer within 5.0 s

    **Timing** degraded: the event loop was 41 ms late, with 7 stages in flight

    Run 5f0c6a1e-0d0b-4c7e-9d3f-2a1b0c9d8e7f at 2026-11-20T18:25:03.120Z, 5012.3 ms, Sonde 0.1.0
    "
  `);
});

test("two addresses have a paragraph each", () => {
  expect(markdown.write(warn, sheets)).toMatchInlineSnapshot(`
    "## WARN tcp.refused \`https://orders.example.test:443\` the connection was refused

    measured from app orders-diag on elastic-premium, westeurope, instance 0f3a, 10.20.8.14; stands for orders-api (same plan and subnet); differs: WEBSITE\\_DNS\\_SERVER

    **Not proved:** that the application behind it is well

    | step | on | verdict | ms | code |
    | --- | --- | --- | ---: | --- |
    | resolve |  | pass | 2.25 |  |
    | connect | 10.20.1.5 | pass | 1.4 |  |
    | connect | 2001:db8:85a3:1319:8a2e:370:7344:1001 | **FAIL** | 1.1 | \`tcp.refused\` |

    ### **WARN** \`tcp.refused\`: The port is closed

    The host answered and has nothing listening on that port.

    - **Evidence:** the connection was refused (2001:db8:85a3:1319:8a2e:370:7344:1001)
    - **Blame:** target, certain
    - **Docs:** \`https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview\`

    **Next**

    1. Whether the service listens on that address

    ### Facts

    **resolve**

    - Addresses:
      - 10.20.1.5
      - 2001:db8:85a3:1319:8a2e:370:7344:1001

    ### address 10.20.1.5

    **connect**

    - From: 10.20.8.14 port 51344

    ### address 2001:db8:85a3:1319:8a2e:370:7344:1001

    Stopped at connect: \`tcp.refused\`, the connection was refused

    Run 5f0c6a1e-0d0b-4c7e-9d3f-2a1b0c9d8e7f at 2026-11-20T18:25:03.120Z, 23.4 ms, Sonde 0.1.0
    "
  `);
});

test("a suite is a table, then each check that did not pass", () => {
  const written = markdown.write(suite, sheets);
  expect(written.slice(written.indexOf("| #"), written.indexOf("| step"))).toMatchInlineSnapshot(`
    "| # | verdict | ms | check |
    | ---: | --- | ---: | --- |
    | 1 | pass | 23.4 | \`https://orders.example.test:443\` TLSv1.3, certificate: 61 days left |
    | 2 | **FAIL** | 5012.3 | tcp.timeout \`sql://orders.example.test:1433\` no answer within 5.0 s |
    | 3 | skip | 23.4 | tcp |

    ## 2. FAIL tcp.timeout \`sql://orders.example.test:1433\` no answer within 5.0 s

    "
  `);
});
