<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Record\TrustedProxies;

/**
 * Refuses what would take the checkout, log-in or payments offline, silence this plugin or lock its last administrator out,
 * whoever signed it. Pure: what it must know of the site is given. Answers are words for `event.reason`; null lets it pass.
 */
final class Guard
{
    /** Paths below the site's own, in lower case, that neither may be blocked nor lie below what is blocked. */
    private const PATHS = [
        '/wp-login.php', '/wp-cron.php', '/index.php',
        '/wp-admin/admin-ajax.php', '/wp-admin/admin-post.php', '/wp-admin/index.php', '/wp-admin/tools.php', '/wp-admin/network/settings.php',
        '/wp-json/wc/store', '/wp-json/batch/v1', '/wp-json/tourniquet', '/wc-api', '/wc-auth', '/my-account', '/checkout', '/cart',
    ];
    /** Where payment services report to, by the words in their routes. */
    private const CALLBACK = '~(?:^|[/_-])(?:webhooks?|ipn|callbacks?|postback|notifications?|notify|incoming)(?:$|[/_.-])~';
    /** WooCommerce's own management of the webhooks that a shop sends: not what payment services call. */
    private const MANAGEMENT = '~^/wp-json/wc/v\d/webhooks(?:/|$)~';
    /** Networks no visitor comes from: whoever sits there is a proxy, a neighbour or the server itself. */
    private const NEAR = [
        '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16',
        '224.0.0.0/3', '::/127', '::ffff:0:0/96', 'fc00::/7', 'fe80::/10', 'ff00::/8',
    ];
    private const WIDEST = [4 => 16, 16 => 32];
    /** Services that take payments, with all below them. */
    private const PAYMENT_HOSTS = [
        'stripe.com', 'paypal.com', 'paypalobjects.com', 'braintreegateway.com', 'braintree-api.com', 'mollie.com', 'klarna.com', 'adyen.com',
        'squareup.com', 'authorize.net', 'razorpay.com', 'unzer.com', 'worldpay.com', 'checkout.com', 'amazonpay.com', 'payone.com', 'sumup.com',
        'payplug.com', 'mercadopago.com', 'gocardless.com', 'nexi.it', 'redsys.es', 'wirecard.com', 'paytm.in', 'payu.com', 'secupay.ag',
    ];

    /** @param list<string> $needed paths of the checkout, cart, account and log-in pages and of payment routes, below the site's own */
    public static function route(string $target, array $needed): ?string
    {
        $target = self::path($target);
        if ($target === '' || $target[0] !== '/' || strlen($target) < 4 || strpbrk($target, '?#*') !== false) {
            return 'not-a-route';
        }
        if (preg_match(self::CALLBACK, $target) === 1 && preg_match(self::MANAGEMENT, $target) !== 1) {
            return 'payment-callback';
        }
        foreach (array_merge(self::PATHS, $needed) as $path) {
            $path = rtrim(self::path($path), '/');
            if ($path !== '' && (strncmp($path, $target, strlen($target)) === 0 || strncmp($target . '/', $path . '/', strlen($path) + 1) === 0)) {
                return 'needed-route';
            }
        }
        return null;
    }

    /** As routes are compared: decoded, in lower case, without doubled slashes and dot segments. */
    public static function path(string $path): string
    {
        $path = strtolower((string) preg_replace('~/+~', '/', str_replace('\\', '/', rawurldecode($path))));
        do {
            $before = $path;
            $path = (string) preg_replace('~/(?:\.|[^/]+/\.\.)(?=/|$)~', '', $path);
        } while ($path !== $before);
        return $path;
    }

    /**
     * @param list<string> $own networks of the server, its proxies and the gateway
     * @param list<string> $administrators addresses from which administrators are logged in
     */
    public static function network(string $target, array $own, array $administrators): ?string
    {
        [$start, $length] = explode('/', $target, 2) + [1 => null];
        $bytes = @inet_pton($start);
        if ($bytes === false || ($length !== null && preg_match('/^\d{1,3}\z/', $length) !== 1)) {
            return 'not-a-network';
        }
        $bits = $length === null ? 8 * strlen($bytes) : (int) $length;
        if ($bits > 8 * strlen($bytes)) {
            return 'not-a-network';
        }
        if ($bits < self::WIDEST[strlen($bytes)]) {
            return 'too-wide';
        }
        foreach (array_merge(self::NEAR, $own) as $network) {
            if (TrustedProxies::contains([$network], $start) || TrustedProxies::contains([$target], (string) strtok($network, '/'))) {
                return 'own-network';
            }
        }
        $elsewhere = array_filter($administrators, static fn(string $address): bool => !TrustedProxies::contains([$target], $address));
        return $administrators !== [] && $elsewhere === [] ? 'last-administrator' : null;
    }

    /**
     * @param list<string> $own hosts of the site and of its gateway
     * @param list<string> $payment hosts that the owner declared for payments
     */
    public static function host(string $target, array $own, array $payment): ?string
    {
        $target = strtolower(rtrim($target, '.'));
        $isAddress = filter_var(trim($target, '[]'), FILTER_VALIDATE_IP) !== false;
        if (!$isAddress && preg_match('/^(?=.{4,253}\z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{1,62}\z/', $target) !== 1) {
            return 'not-a-host';
        }
        foreach ([['own-host', $own], ['payment-host', array_merge(self::PAYMENT_HOSTS, $payment)]] as [$word, $hosts]) {
            foreach ($hosts as $host) {
                if (self::isBelow($host, $target) || ($word === 'payment-host' && self::isBelow($target, $host))) {
                    return $word;
                }
            }
        }
        return null;
    }

    public static function isBelow(string $host, string $domain): bool
    {
        $host = strtolower(rtrim($host, '.'));
        $domain = strtolower(rtrim($domain, '.'));
        return $domain !== '' && ($host === $domain || substr($host, -strlen($domain) - 1) === '.' . $domain);
    }

    /** @param array<string, string> $needed slug to why it is: `own`, `shop`, `payment` */
    public static function plugin(string $slug, array $needed): ?string
    {
        return isset($needed[strtolower($slug)]) ? 'needed-plugin-' . $needed[strtolower($slug)] : null;
    }

    /** `$others`: administrators besides this account that can log in. */
    public static function account(bool $isAdministrator, int $others): ?string
    {
        return $isAdministrator && $others < 1 ? 'last-administrator' : null;
    }
}
