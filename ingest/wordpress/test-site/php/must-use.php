<?php
/**
 * Plugin Name: Test site
 * Description: Sends every HTTP call that WordPress makes to one made-up internet on this machine, whatever host it names.
 */

if (defined('TEST_SITE_INTERNET')) {
    add_action('http_api_curl', static function ($handle, $arguments, $url): void {
        if (!in_array(parse_url((string) $url, PHP_URL_HOST), ['127.0.0.1', 'localhost'], true)) {
            curl_setopt_array($handle, [
                CURLOPT_CONNECT_TO => ['::127.0.0.1:' . TEST_SITE_INTERNET],
                CURLOPT_SSL_VERIFYPEER => false,
                CURLOPT_SSL_VERIFYHOST => 0,
            ]);
        }
    }, PHP_INT_MAX, 3);
}
add_filter('wp_mail_from', static fn(): string => 'shop@shop.example');

// What a request cost, as a line of JSON: after everything else at shutdown.
if (defined('TEST_SITE_MEASURES')) {
    $test_site_cpu = static function (): int {
        $usage = getrusage();
        return $usage['ru_utime.tv_sec'] * 1000000 + $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_sec'] * 1000000 + $usage['ru_stime.tv_usec'];
    };
    $test_site_start = $test_site_cpu();
    $test_site_last = static function () use ($test_site_cpu, $test_site_start): void {
        file_put_contents(TEST_SITE_MEASURES, json_encode([
            'path' => (string) ($_SERVER['REQUEST_URI'] ?? ''), 'method' => (string) ($_SERVER['REQUEST_METHOD'] ?? ''),
            'ms' => (microtime(true) - (float) $_SERVER['REQUEST_TIME_FLOAT']) * 1000,
            'cpu_ms' => ($test_site_cpu() - $test_site_start) / 1000, 'peak_bytes' => memory_get_peak_usage(),
        ]) . "\n", FILE_APPEND);
    };
    // A function registered at shutdown runs after those before it; three deep is behind everybody here.
    add_action('shutdown', static function () use ($test_site_last): void {
        register_shutdown_function(static function () use ($test_site_last): void {
            register_shutdown_function(static function () use ($test_site_last): void {
                register_shutdown_function($test_site_last);
            });
        });
    }, PHP_INT_MAX);
}
