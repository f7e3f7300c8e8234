<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Record\ActingPlugin;
use Tourniquet\Settings;
use Tourniquet\Spool\Spool;

/** What the guard must know of this site. */
final class Site
{
    private Settings $settings;
    private Spool $spool;

    public function __construct(Settings $settings, Spool $spool)
    {
        $this->settings = $settings;
        $this->spool = $spool;
    }

    /** The site's own path: `/shop` of `https://example.org/shop/`, empty at a domain's root. */
    public static function base(): string
    {
        return rtrim((string) wp_parse_url(home_url('/'), PHP_URL_PATH), '/');
    }

    /** @return list<string> */
    public function neededPaths(): array
    {
        $paths = [self::below((string) wp_parse_url(wp_login_url(), PHP_URL_PATH)), self::below((string) wp_parse_url(wp_lostpassword_url(), PHP_URL_PATH))];
        foreach (['checkout', 'cart', 'myaccount', 'pay', 'terms'] as $page) {
            $id = (int) get_option("woocommerce_{$page}_page_id", 0);
            $link = $id > 0 ? get_permalink($id) : false;
            $paths[] = is_string($link) && strpos($link, '?') === false ? self::below((string) wp_parse_url($link, PHP_URL_PATH)) : '';
        }
        foreach (array_keys(rest_get_server()->get_routes()) as $route) {
            $start = (string) preg_replace('~[(\[\\\\].*$~', '', (string) $route);
            if (preg_match('~webhook|ipn|callback|postback|notif|incoming~i', $start) === 1 && preg_match('~^/wc/v\d/webhooks~', $start) !== 1) {
                $paths[] = '/wp-json' . $start;
            }
        }
        return array_values(array_filter($paths, static fn(string $path): bool => trim($path, '/') !== ''));
    }

    /** A path below the site's own. */
    public static function below(string $path): string
    {
        $base = self::base();
        return $base !== '' && strncmp($path, $base . '/', strlen($base) + 1) === 0 ? substr($path, strlen($base)) : $path;
    }

    /** @return list<string> */
    public function ownNetworks(): array
    {
        $addresses = [(string) ($_SERVER['SERVER_ADDR'] ?? '')];
        foreach (array_merge($this->ownHosts(), [(string) gethostname()]) as $host) {
            $addresses = array_merge($addresses, filter_var($host, FILTER_VALIDATE_IP) !== false ? [$host] : (gethostbynamel($host) ?: []));
        }
        return array_merge($this->settings->trustedProxies(), array_values(array_filter($addresses, static fn(string $address): bool => $address !== '')));
    }

    /** @return list<string> */
    public function ownHosts(): array
    {
        $hosts = [(string) ($this->spool->status()['gateway_host'] ?? '')];
        foreach ([home_url(), site_url(), network_home_url(), (string) $this->settings->get('ai_local_endpoint')] as $url) {
            $hosts[] = (string) wp_parse_url($url, PHP_URL_HOST);
        }
        return array_values(array_unique(array_filter($hosts, static fn(string $host): bool => $host !== '')));
    }

    /** @return list<string> */
    public function paymentHosts(): array
    {
        return array_map('strval', array_keys(array_filter((array) $this->settings->get('outbound_purposes'), static fn($purpose): bool => $purpose === 'payment')));
    }

    /** @return array<string, string> slug to why this site needs it */
    public function neededPlugins(): array
    {
        $needed = ['woocommerce' => 'shop', strtolower(ActingPlugin::ofFile(TOURNIQUET_FILE)) => 'own', 'tourniquet' => 'own'];
        if (function_exists('WC') && did_action('woocommerce_init') > 0) {
            foreach (WC()->payment_gateways()->payment_gateways() as $gateway) {
                if (is_object($gateway) && ($gateway->enabled ?? '') === 'yes') {
                    $needed += [strtolower(ActingPlugin::ofFile((string) (new \ReflectionClass($gateway))->getFileName())) => 'payment'];
                }
            }
            return $needed;
        }
        // The shop's code is not loaded here: what is named after payments counts as a gateway.
        foreach ((array) get_option('active_plugins', []) as $file) {
            $slug = strtolower((string) strtok((string) $file, '/'));
            if (preg_match('/pay|gateway|stripe|klarna|mollie|adyen|square|unzer|sumup|checkout/', $slug) === 1) {
                $needed += [$slug => 'payment'];
            }
        }
        return $needed;
    }

    public static function isAdministrator(\WP_User $user): bool
    {
        return is_multisite() ? is_super_admin($user->ID) : $user->has_cap('manage_options');
    }

    /** @return list<int> of accounts that may administer and can log in */
    public static function administrators(): array
    {
        $ids = [];
        $users = is_multisite()
            ? array_filter(array_map(static fn($login) => get_user_by('login', (string) $login), get_super_admins()))
            : get_users(['capability' => 'manage_options', 'number' => 200, 'count_total' => false]);
        foreach ($users as $user) {
            if ($user instanceof \WP_User && $user->user_pass !== '' && (int) $user->user_status === 0 && empty($user->spam) && empty($user->deleted)) {
                $ids[] = $user->ID;
            }
        }
        return $ids;
    }

    /** @return list<string> from which administrators are logged in now */
    public static function administratorAddresses(): array
    {
        $addresses = [];
        foreach (self::administrators() as $id) {
            foreach (\WP_Session_Tokens::get_instance($id)->get_all() as $session) {
                $addresses[] = (string) ($session['ip'] ?? '');
            }
        }
        return array_values(array_unique(array_filter($addresses, static fn(string $address): bool => filter_var($address, FILTER_VALIDATE_IP) !== false)));
    }
}
