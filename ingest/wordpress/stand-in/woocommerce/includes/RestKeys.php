<?php

declare(strict_types=1);

namespace StandIn;

/** Consumer key and secret as user and password. */
final class RestKeys
{
    public static function register(): void
    {
        add_filter('determine_current_user', [self::class, 'authenticate'], 15);
    }

    /**
     * @param mixed $userId
     * @return mixed
     */
    public static function authenticate($userId)
    {
        global $wpdb;
        $key = (string) ($_SERVER['PHP_AUTH_USER'] ?? ($_GET['consumer_key'] ?? ''));
        if (!empty($userId) || strncmp($key, 'ck_', 3) !== 0 || strpos((string) $_SERVER['REQUEST_URI'], '/wp-json/wc') === false) {
            return $userId;
        }
        $row = $wpdb->get_row($wpdb->prepare("SELECT key_id, user_id, permissions, consumer_key, consumer_secret, nonces FROM {$wpdb->prefix}woocommerce_api_keys WHERE consumer_key = %s", wc_api_hash(sanitize_text_field($key))));
        $secret = (string) ($_SERVER['PHP_AUTH_PW'] ?? ($_GET['consumer_secret'] ?? ''));
        if ($row === null || !hash_equals((string) $row->consumer_secret, $secret)) {
            return $userId;
        }
        if (!apply_filters('woocommerce_disable_rest_api_access_log', false, (string) $row->key_id, (string) $row->user_id)) {
            $wpdb->update($wpdb->prefix . 'woocommerce_api_keys', ['last_access' => current_time('mysql')], ['key_id' => $row->key_id]);
        }
        return (int) $row->user_id;
    }

    /** @return array{key_id: int, consumer_key: string, consumer_secret: string} */
    public static function create(int $userId, string $description, string $permissions): array
    {
        global $wpdb;
        $made = ['consumer_key' => 'ck_' . bin2hex(random_bytes(20)), 'consumer_secret' => 'cs_' . bin2hex(random_bytes(20))];
        $wpdb->insert($wpdb->prefix . 'woocommerce_api_keys', [
            'user_id' => $userId, 'description' => $description, 'permissions' => $permissions, 'consumer_key' => wc_api_hash($made['consumer_key']),
            'consumer_secret' => $made['consumer_secret'], 'truncated_key' => substr($made['consumer_key'], -7),
        ], ['%d', '%s', '%s', '%s', '%s', '%s']);
        return ['key_id' => (int) $wpdb->insert_id] + $made;
    }
}
