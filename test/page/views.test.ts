/** What a person wants beyond a single check: places, instances, lists and suites. */
import type { Browser } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { needs } from "../servers/needs.ts";
import { build, host, launch, run, verdict, visit } from "./browser.ts";
import { front } from "./server.ts";
import { stage, type Stage } from "./states.ts";

needs("chromium", "openssl")("a person who needs more than one check", () => {
  let root: string;
  let at: Stage;
  let browser: Browser;

  beforeAll(async () => {
    root = await build();
    [at, browser] = await Promise.all([stage(root), launch()]);
  });

  test("sees in the first view which Sonde this is, also by a link", async () => {
    const { page, requests } = await visit(
      browser,
      `${at.url}/#target=tcp://127.0.0.1:${at.closed}`,
    );
    await verdict(page).waitFor();
    expect(await page.locator(".banner").textContent()).toBe("prod: orders");
    expect(requests).toHaveLength(2);
    await page.getByRole("button", { name: "Vantage" }).click();
    const place = page.getByRole("region", { name: /^Where this is/ });
    await expect.poll(() => place.textContent()).toContain("stands for no app in Azure");
  });

  test("sees which of the outbound addresses the firewall does not know", async () => {
    const { page, requests } = await visit(browser, at.url);
    await page.getByRole("button", { name: "Outbound" }).click();
    await page.getByLabel(/Allow-list/).fill("nat=20.50.1.2,\n 20.50.2.0/24");
    expect(requests.filter((one) => one.includes("outbound"))).toEqual([]);
    await page.getByRole("button", { name: /^Ask from where/ }).click();
    const seen = page.getByRole("region", { name: "Addresses seen" });
    await seen.waitFor();
    const rows = await seen.locator("tbody tr").allTextContents();
    expect(rows).toContainEqual(expect.stringMatching(/20\.50\.1\.2.*Pass as nat/));
    expect(rows).toContainEqual(expect.stringMatching(/20\.50\.1\.9.*Fail not on it/));
    expect(await page.getByText("see different addresses").count()).toBe(1);
    await page.reload();
    await seen.waitFor();
    expect(await page.getByLabel(/Allow-list/).inputValue()).toContain("20.50.2.0/24");
  });

  test("pastes the settings of an app: places are asked, and nothing else leaves the page", async () => {
    const { page } = await visit(browser, at.url);
    const bodies: (string | null)[] = [];
    page.on("request", (request) => bodies.push(request.url(), request.postData()));
    const settings = [
      { name: "ORDERS_DB", value: `Server=127.0.0.1,${at.closed};Password=hunter2` },
      { name: "API_KEY", value: "hunter2" },
      { name: "API", value: `${at.url}/api/health?sig=hunter2` },
      { name: "WEBSITE_TIME_ZONE", value: "UTC" },
    ];
    await run(page, JSON.stringify(settings));
    await page.getByText("2 of 2 done, 1 failed").waitFor();
    const everywhere = [...bodies, await page.content(), page.url()].join();
    expect(everywhere).not.toContain("hunter2");
    expect(everywhere).not.toContain("API_KEY");
    expect(await page.evaluate("JSON.stringify(localStorage)")).not.toContain("hunter2");
  });

  test("compares two instances behind one name, and only what differs is shown", async () => {
    const other = await host(root, [], { SONDE_BANNER: "prod: stale|blue" });
    const workers = [at.url, other.url];
    const cookies: (string | undefined)[] = [];
    // A balancer that would keep a browser at one worker; and the worker tells its name.
    const balancer = await front((request, response) => {
      const turn = cookies.push(request.headers.cookie) % 2;
      response.setHeader("set-cookie", "ARRAffinity=pinned");
      return {
        to: workers[turn] ?? "",
        change: (body) => body.replace('"app": "local"', `"app": "local", "instance": "w${turn}"`),
      };
    });
    const { page } = await visit(browser, balancer);
    await run(page, `tcp://127.0.0.1:${at.closed}`);
    await verdict(page).waitFor();
    await page.getByRole("heading", { name: "Compare" }).click();
    await page.getByRole("spinbutton").fill("6");
    const before = cookies.length;
    await page.getByRole("button", { name: "Compare instances" }).click();
    await page.getByText("2 instances answered 6 of 6 calls").waitFor();
    expect(cookies.slice(before)).toEqual(Array.from({ length: 6 }, () => undefined));
    const rows = await page.locator(".differ tbody tr").allTextContents();
    expect(rows).toEqual([
      "vantage › banner › textprod: ordersprod: stale",
      "vantage › banner › colourredblue",
    ]);
  });

  test("holds a suite, goes on, and keeps the focus while failures come to the front", async () => {
    const { page } = await visit(browser, at.url);
    await run(
      page,
      `${at.url}/api/health\ntls://127.0.0.1:${at.silent}\ntcp://127.0.0.1:${at.closed}`,
    );
    await page.getByText("Now tls://").waitFor();
    const first = page.locator(".batch button").first();
    await first.focus();
    await page.getByRole("button", { name: "Pause" }).click();
    await first.focus();
    await page.getByText("2 of 3 done, 1 failed").waitFor();
    await page.getByText("Paused.").waitFor();
    expect(await page.evaluate("document.activeElement.textContent")).toContain("/api/health");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("3 of 3 done, 2 failed").waitFor();
    const rows = await page.locator(".batch button").allTextContents();
    expect(rows.map((row) => /^Fail|^Pass/.exec(row)?.[0])).toEqual(["Fail", "Fail", "Pass"]);
  });

  test("signs in where the platform asks for it, and comes back to the check", async () => {
    const env = { SONDE_AUTH: "easyauth", WEBSITE_AUTH_ENABLED: "true" };
    const { url } = await host(root, [], env);
    // The platform's side of a sign-in: it sends back, and vouches for whom it knows by the cookie.
    const platform = await front((request, response) => {
      const login = /^\/\.auth\/login\/aad\?post_login_redirect_uri=(.*)$/.exec(request.url ?? "");
      if (login === null) {
        const known = request.headers.cookie?.includes("AppServiceAuthSession") === true;
        return { to: url, headers: known ? { "x-ms-client-principal-id": "someone" } : {} };
      }
      const location = decodeURIComponent(login[1] ?? "");
      response.writeHead(302, { location, "set-cookie": "AppServiceAuthSession=x; Path=/" });
      return undefined;
    });
    const asked = `${platform}/ui#target=${encodeURIComponent(`tcp://127.0.0.1:${at.closed}`)}`;
    const { page } = await visit(browser, asked);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.getByLabel("Function key").count()).toBe(0);
    await page.getByRole("link", { name: "Sign in" }).click();
    await expect.poll(() => verdict(page).textContent()).toBe("The connection was refused");
    expect(page.url()).toBe(asked);
  });
});
