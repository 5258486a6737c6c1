// A person with the machine's own Chromium and an authenticator app.
import { accessSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { code } from './demo.mjs';

function installed() {
  for (const folder of process.env.PATH.split(':')) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']) {
      const file = join(folder, name);
      try {
        accessSync(file);
        return file;
      } catch {
        // The next one, then.
      }
    }
  }
  throw new Error('Chromium is needed: apt-get install chromium');
}

/** Runs a story in a browser of its own that takes the development authority's certificates. */
export async function inBrowser(story) {
  const browser = await chromium.launch({
    executablePath: installed(),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    try {
      return await story(page);
    } catch (error) {
      console.log(`It stood at ${page.url()}:\n${await page.locator('body').innerText()}`);
      throw error;
    }
  } finally {
    await browser.close();
  }
}

/** Name and password. */
export async function firstProof(page, who) {
  await page.fill('input[name=identifier]', who.username);
  await page.press('input[name=identifier]', 'Enter');
  await page.fill('input[name=password]', who.password);
  await page.press('input[name=password]', 'Enter');
}

/** Name, password and the app's code, or that of `steps` later where it was used already. */
export async function signIn(page, who, steps = 0) {
  await firstProof(page, who);
  await answer(page, who, steps);
}

/** The code of the app, once it is asked; the page sends it off by itself when it is whole. */
export async function answer(page, who, steps = 0) {
  await page.fill('input[name=code]', code(who.totp_secret, steps));
}
