<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Browse\Scripts;
use Tourniquet\Browse\WatchedPage;
use Tourniquet\Guarded;
use Tourniquet\Plugin;
use Tourniquet\Record\Redactor;
use Tourniquet\Watcher;

/** Which scripts run where people type personal data: what the server brings, and what their browsers report. */
final class Browser extends Watcher
{
    public function register(): void
    {
        if ($this->settings->get('browser_reports')) {
            Guarded::action('template_redirect', fn() => $this->watch(), 5);
        }
    }

    private function watch(): void
    {
        if (!WatchedPage::isNow($this->settings)) {
            return;
        }
        Guarded::action('shutdown', fn() => $this->compare(), PHP_INT_MAX - 1);
        $report = $this->reportUrl();
        if ($report === '' || headers_sent()) {
            return;
        }
        // Added to what the site itself sends, never in its place: a browser heeds each of several policies.
        header('Reporting-Endpoints: tourniquet="' . $report . '"', false);
        header('Content-Security-Policy-Report-Only: ' . self::policy($report), false);
        Guarded::action('wp_enqueue_scripts', function (): void {
            wp_enqueue_script(Scripts::OWN_HANDLE, plugins_url('assets/watch.js', TOURNIQUET_FILE), [], TOURNIQUET_VERSION, false);
        });
        Guarded::filter('script_loader_tag', fn($tag, $handle) => $handle === Scripts::OWN_HANDLE ? self::tag((string) $tag, $report) : $tag, PHP_INT_MAX, 2);
    }

    /** Of this site at its gateway; empty before enrolment. */
    private function reportUrl(): string
    {
        $plugin = Plugin::get();
        $identity = $plugin === null ? null : $plugin->spool()->identity();
        if ($identity === null || $identity->site() === '' || preg_match('/^https?:\/\/[A-Za-z0-9.:\[\]\/_-]+$/', $identity->gatewayUrl()) !== 1) {
            return '';
        }
        return rtrim($identity->gatewayUrl(), '/') . '/v1/reports/' . rawurlencode($identity->site());
    }

    /** Scripts and connections of hosts that the server does not bring are reported; nothing is kept from happening. */
    private static function policy(string $report): string
    {
        $hosts = implode(' ', array_filter(Scripts::hosts(), static fn(string $host): bool => preg_match('/^[a-z0-9.:-]+$/', $host) === 1));
        $gateway = (string) preg_replace('/^(https?:\/\/[^\/]+).*$/', '$1', $report);
        return "script-src 'self' 'unsafe-inline' 'unsafe-eval' {$hosts}; connect-src 'self' {$hosts} {$gateway}; form-action 'self' {$hosts}; report-uri {$report}; report-to tourniquet";
    }

    private static function tag(string $tag, string $report): string
    {
        $file = dirname(TOURNIQUET_FILE) . '/assets/watch.js';
        $digest = is_file($file) ? base64_encode((string) hash_file('sha384', $file, true)) : '';
        $attributes = sprintf(' defer data-report="%s" data-known="%s"%s', esc_url($report), esc_attr(implode(' ', Scripts::hosts())), $digest === '' ? '' : ' integrity="sha384-' . $digest . '" crossorigin="anonymous"');
        return (string) preg_replace('/<script\b/', '<script' . $attributes, $tag, 1);
    }

    private function compare(): void
    {
        if (did_action('wp_print_footer_scripts') === 0) {
            return;
        }
        foreach (Scripts::changes(Scripts::printed()) as $place => ['host' => $host, 'known' => $isKnown]) {
            $this->journal->urgent('file', 'checkout-script-changed', [
                'wordpress.script.host' => $host,
                'wordpress.script.path' => Redactor::text('/' . (explode('/', $place, 2)[1] ?? '')),
                'wordpress.script.known' => $isKnown,
            ]);
        }
    }
}
