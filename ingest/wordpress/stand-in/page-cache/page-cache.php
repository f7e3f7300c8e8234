<?php
/**
 * Plugin Name: Page cache stand-in
 * Description: Tells caches that they may keep every page, also those of persons who are logged in, as a misconfigured one does. For tests.
 * Version: 1.0.0
 */

declare(strict_types=1);

defined('ABSPATH') || exit;

add_action('template_redirect', static function (): void {
    ob_start(static function (string $page): string {
        header_remove('Expires');
        header_remove('Pragma');
        header('Cache-Control: public, max-age=3600');
        return $page;
    });
}, -1);
