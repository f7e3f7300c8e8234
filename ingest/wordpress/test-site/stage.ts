import type { Browser } from './browser.ts';
import { FakeInternet } from './fake-internet.ts';
import type { MadeUpPerson } from './people.ts';
import type { Stage, Variant } from './user-act.ts';
import { WordPressSite } from './wordpress-site.ts';
import type { SiteOptions } from './wordpress-site.ts';

/** A site for acts with the internet around it. */
export class OpenStage implements Stage, AsyncDisposable {
  readonly site: WordPressSite;
  readonly variant: Variant;
  readonly internet: FakeInternet;
  readonly notes = new Map<string, string>();
  readonly #browsers = new Map<string, Browser>();

  private constructor(site: WordPressSite, variant: Variant, internet: FakeInternet) {
    this.site = site;
    this.variant = variant;
    this.internet = internet;
  }

  static async open(variant: Variant, options: Omit<SiteOptions, 'isNetwork' | 'internetPort'> = {}): Promise<OpenStage> {
    const internet = await FakeInternet.start();
    try {
      const site = await WordPressSite.start({
        ...options, isNetwork: variant === 'network', internetPort: internet.port,
        // What acts wrote is read before it leaves.
        constants: { TOURNIQUET_SHIPPING: 'external', ...options.constants },
      });
      if (variant === 'hpos') await site.php("update_option('woocommerce_custom_orders_table_enabled', 'yes');");
      // What the plugin makes when it first has something to remember is there from the start.
      if (options.plugin !== 'none') await site.php('Tourniquet\\Plugin::get()->memory()->tend();');
      return new OpenStage(site, variant, internet);
    } catch (error) {
      await internet[Symbol.asyncDispose]();
      throw error;
    }
  }

  async as(person: Pick<MadeUpPerson, 'login' | 'password'>, isFresh = false): Promise<Browser> {
    const known = this.#browsers.get(person.login);
    if (known !== undefined && !isFresh) return known;
    const browser = await this.site.loggedIn(person);
    if (!isFresh) this.#browsers.set(person.login, browser);
    return browser;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site[Symbol.asyncDispose]();
    await this.internet[Symbol.asyncDispose]();
  }
}
