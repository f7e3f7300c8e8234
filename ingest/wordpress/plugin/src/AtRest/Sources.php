<?php

declare(strict_types=1);

namespace Tourniquet\AtRest;

/** Where a scan looks, in order: what is small and telling first. */
final class Sources
{
    private const MOST_SITES = 200;
    /** Where a blog keeps things: table (without prefix), key, column, column of the name. */
    private const TABLES = [
        ['options', 'option_id', 'option_value', 'option_name'],
        ['postmeta', 'meta_id', 'meta_value', 'meta_key'],
        ['comments', 'comment_ID', 'comment_content', ''],
        ['commentmeta', 'meta_id', 'meta_value', 'meta_key'],
        ['posts', 'ID', 'post_content', 'post_type'],
        ['wc_orders', 'id', 'customer_note', ''],
        ['wc_orders_meta', 'id', 'meta_value', 'meta_key'],
        ['wc_order_addresses', 'id', 'email', 'address_type'],
        ['woocommerce_order_itemmeta', 'meta_id', 'meta_value', 'meta_key'],
        ['actionscheduler_actions', 'action_id', 'args', 'hook'],
    ];

    /** @return list<Source> */
    public static function all(): array
    {
        global $wpdb;
        $uploads = wp_upload_dir(null, false);
        $log = defined('WP_DEBUG_LOG') && is_string(WP_DEBUG_LOG) ? WP_DEBUG_LOG : WP_CONTENT_DIR . '/debug.log';
        $config = is_file(ABSPATH . 'wp-config.php') ? ABSPATH : dirname(ABSPATH);
        $sources = [
            new FileSource($config, false, '~^wp-config(?:[.-].*)?\.(?:php|bak|old|txt|save|orig).*\z~i'),
            new FileSource(dirname($log), false, '~^' . preg_quote(basename($log), '~') . '\z~'),
            new FileSource(ABSPATH, false),
            new FileSource(WP_CONTENT_DIR, false),
        ];
        foreach (self::prefixes() as $prefix) {
            foreach (self::TABLES as [$table, $key, $column, $name]) {
                $sources[] = [$prefix . $table, $key, $column, $name];
            }
        }
        $sources[] = [$wpdb->usermeta, 'umeta_id', 'meta_value', 'meta_key'];
        if (is_multisite()) {
            $sources[] = [$wpdb->sitemeta, 'meta_id', 'meta_value', 'meta_key'];
        }
        $present = array_flip(array_map('strtolower', (array) $wpdb->get_col($wpdb->prepare('SHOW TABLES LIKE %s', $wpdb->esc_like($wpdb->base_prefix) . '%'))));
        $found = [];
        foreach ($sources as $source) {
            if ($source instanceof Source) {
                $found[] = $source;
            } elseif (isset($present[strtolower($source[0])])) {
                $found[] = new TableSource(...$source);
            }
        }
        $found[] = new FileSource((string) $uploads['basedir'], true);
        foreach (@scandir(WP_CONTENT_DIR) ?: [] as $name) {
            if (preg_match('/backup|updraft|cache|export|snapshot/i', $name) === 1 && is_dir(WP_CONTENT_DIR . '/' . $name)) {
                $found[] = new FileSource(WP_CONTENT_DIR . '/' . $name, true);
            }
        }
        return $found;
    }

    /** @return list<string> */
    private static function prefixes(): array
    {
        global $wpdb;
        if (!is_multisite()) {
            return [$wpdb->prefix];
        }
        return array_map(static fn($id): string => $wpdb->get_blog_prefix((int) $id), get_sites(['fields' => 'ids', 'number' => self::MOST_SITES]));
    }
}
