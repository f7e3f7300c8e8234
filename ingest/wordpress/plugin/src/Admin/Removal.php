<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Settings;
use Tourniquet\Spool\Place;

/** What deleting the plugin takes away. Everything of ours is named `tourniquet_…`. */
final class Removal
{
    private const MOST_SITES = 5000;
    private const DIRECTORIES = ['outbox', 'refused', 'inbox', 'integrity'];
    private const FILES = '/^(?:open-[\w.-]*|seed-[\w.-]*|(?:state|shipping|identity|commands|index)\.json[\w.]*|discover[\w.-]*|denied-\d+|beat[\w.]*|wake\.url|hurry|tally|missed|awaited|locks?|\w+\.lock|probe\.txt|index\.php|index\.html|\.htaccess|web\.config)\z/';

    public static function run(): void
    {
        $settings = Settings::load();
        $directory = $settings->get('remove_spool') ? Place::find($settings)->directory() : '';
        $sites = is_multisite() ? get_sites(['fields' => 'ids', 'number' => self::MOST_SITES]) : [get_current_blog_id()];
        foreach ($sites as $site) {
            is_multisite() && switch_to_blog((int) $site);
            self::removeOptions();
            self::removeTasks();
            is_multisite() && restore_current_blog();
        }
        self::removeShared();
        if ($directory !== '' && (is_file($directory . '/identity.json') || is_file($directory . '/tally'))) {
            self::removeSpool($directory);
        }
    }

    private static function removeOptions(): void
    {
        global $wpdb;
        foreach (['tourniquet_', '_transient_tourniquet_', '_transient_timeout_tourniquet_'] as $start) {
            $names = $wpdb->get_col($wpdb->prepare("SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s", $wpdb->esc_like($start) . '%'));
            array_map('delete_option', (array) $names);
        }
    }

    private static function removeTasks(): void
    {
        foreach (_get_cron_array() ?: [] as $hooks) {
            foreach (array_keys((array) $hooks) as $hook) {
                if (strncmp((string) $hook, 'tourniquet_', 11) === 0) {
                    wp_unschedule_hook((string) $hook);
                }
            }
        }
    }

    private static function removeShared(): void
    {
        global $wpdb;
        if (is_multisite()) {
            $names = $wpdb->get_col($wpdb->prepare("SELECT DISTINCT meta_key FROM {$wpdb->sitemeta} WHERE meta_key LIKE %s", $wpdb->esc_like('tourniquet_') . '%'));
            array_map('delete_site_option', (array) $names);
        }
        foreach ((array) $wpdb->get_col($wpdb->prepare('SHOW TABLES LIKE %s', $wpdb->esc_like($wpdb->base_prefix . 'tourniquet_') . '%')) as $table) {
            $wpdb->query('DROP TABLE IF EXISTS `' . preg_replace('/[^A-Za-z0-9_]/', '', (string) $table) . '`');
        }
        $wpdb->query($wpdb->prepare("DELETE FROM {$wpdb->usermeta} WHERE meta_key LIKE %s", $wpdb->esc_like('tourniquet_') . '%'));
    }

    /** Only files of ours go, keys first: whatever else lies in a directory that was named by mistake stays. */
    private static function removeSpool(string $directory): void
    {
        @unlink($directory . '/identity.json');
        foreach (@scandir($directory) ?: [] as $name) {
            $path = $directory . '/' . $name;
            if (in_array($name, self::DIRECTORIES, true) && is_dir($path) && !is_link($path)) {
                array_map('unlink', array_filter(glob($path . '/*') ?: [], 'is_file'));
                @rmdir($path);
            } elseif (preg_match(self::FILES, $name) === 1 && is_file($path)) {
                @unlink($path);
            }
        }
        @rmdir($directory);
    }
}
