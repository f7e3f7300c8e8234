<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Contain\Act;
use Tourniquet\Contain\Hold;
use Tourniquet\Guarded;

/** No export: not by WordPress's and WooCommerce's screens, plugins' export actions, long REST lists of persons, or WP-CLI. */
final class ExportsOff implements Act
{
    /** What somebody who works with single records needs. */
    private const LONGEST_LIST = 10;
    private const CAPABILITIES = ['export', 'export_others_personal_data'];
    private const LISTS = '~^/(?:wp/v2/(?:users|comments)|wc/v\d/(?:orders|customers)|wc-analytics/(?:customers|orders|reports/(?:customers|orders|downloads)))/?$~i';
    private const COMMANDS = ['export', 'db export', 'db dump', 'db query', 'db cli'];

    public function kind(): string
    {
        return 'site';
    }

    public function named(string $target): string
    {
        return (string) wp_parse_url(home_url(), PHP_URL_HOST);
    }

    public function refusal(string $target): ?string
    {
        return null;
    }

    public function begin(string $target): array
    {
        return [];
    }

    public function end(array $kept): void
    {
    }

    public function enforce(array $kept, Hold $hold): void
    {
        Guarded::filter('map_meta_cap', static fn($capabilities, $capability = '') => in_array($capability, self::CAPABILITIES, true) ? ['do_not_allow'] : $capabilities, PHP_INT_MAX, 2);
        Guarded::action('admin_init', static function () use ($hold): void {
            foreach (['action', 'page'] as $name) {
                $asked = $_REQUEST[$name] ?? '';
                if (is_string($asked) && preg_match('/export|download_report/i', $asked) === 1) {
                    $hold->answer();
                }
            }
        }, PHP_INT_MIN);
        Guarded::action('export_wp', static fn() => $hold->answer(), PHP_INT_MIN);
        Guarded::filter('rest_pre_dispatch', static function ($result, $server = null, $request = null) use ($hold) {
            if (!$request instanceof \WP_REST_Request) {
                return $result;
            }
            $route = $request->get_route();
            $isLong = preg_match(self::LISTS, $route) === 1 && $request->get_method() !== 'POST' && (int) $request->get_param('per_page') > self::LONGEST_LIST;
            return $isLong || preg_match('~/exports?(?:/|$)~i', $route) === 1 ? $hold->error() : $result;
        }, PHP_INT_MAX, 3);
        if (defined('WP_CLI') && WP_CLI) {
            foreach (self::COMMANDS as $command) {
                \WP_CLI::add_hook('before_invoke:' . $command, static function () use ($hold): void {
                    $hold->tell();
                    \WP_CLI::error(__('Exports are switched off for now, for security reasons.', 'tourniquet'));
                });
            }
        }
    }
}
