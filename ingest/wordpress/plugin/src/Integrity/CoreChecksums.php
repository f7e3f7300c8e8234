<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

/** WordPress' own list of its files, where wordpress.org can be reached. */
final class CoreChecksums
{
    /** Often deleted, and harmless. */
    private const SPARE = ['readme.html', 'license.txt', 'wp-config-sample.php'];

    /** How many of its files are not as published; null where nobody can say. Asked for in cron and on the command line alone. */
    public static function foreign(): ?int
    {
        if (!wp_doing_cron() && !(defined('WP_CLI') && WP_CLI)) {
            return null;
        }
        if (!function_exists('get_core_checksums')) {
            require_once ABSPATH . 'wp-admin/includes/update.php';
        }
        $sums = get_core_checksums((string) get_bloginfo('version'), (string) ($GLOBALS['wp_local_package'] ?? 'en_US'));
        if (!is_array($sums)) {
            return null;
        }
        $foreign = 0;
        foreach ($sums as $path => $md5) {
            // Themes and plugins that come along are parts of their own, and may be gone.
            if (is_string($md5) && strncmp((string) $path, 'wp-content/', 11) !== 0 && !in_array($path, self::SPARE, true)) {
                $foreign += (int) (@md5_file(ABSPATH . $path) !== $md5);
            }
        }
        return $foreign;
    }
}
