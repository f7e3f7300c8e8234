<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Record\ActingKey;
use Tourniquet\Record\Journal;
use Tourniquet\Watcher;

/**
 * WooCommerce's REST keys: which one acts, and which are made, changed and revoked. WooCommerce has no hook for the latter, so
 * its table is watched: also what other code writes there shows.
 */
final class ApiKeys extends Watcher
{
    private const TABLE = 'woocommerce_api_keys';

    /** @var array{string, int}|null act and key of the query that runs */
    private static ?array $running = null;
    private static ?Journal $teller = null;

    public function register(): void
    {
        // Fires with the key that authenticated, since WooCommerce 7.7; before, its "last access" is seen written.
        Guarded::look('woocommerce_disable_rest_api_access_log', static function ($value, $key): void {
            is_scalar($key) && ActingKey::is('wc:' . (int) $key);
        }, PHP_INT_MAX, 2);
    }

    /** A query that names the table of keys and is about to run; when it did, `ran()` is to be called. */
    public static function changed(string $query, Journal $journal): void
    {
        $verb = strtoupper((string) strtok(ltrim($query), " \t\r\n"));
        $id = preg_match('/`?key_id`?\s*(?:=|IN\s*\()\s*[\'"]?(\d+)/i', $query, $match) === 1 ? (int) $match[1] : 0;
        if ($verb === 'UPDATE' && strpos($query, 'last_access') !== false && strpos($query, 'consumer_secret') === false) {
            $id > 0 && ActingKey::is('wc:' . $id);
            return;
        }
        $action = ['INSERT' => 'api-key-created', 'REPLACE' => 'api-key-created', 'UPDATE' => 'api-key-changed', 'DELETE' => 'api-key-revoked'][$verb] ?? '';
        if ($action === '') {
            return;
        }
        self::$running = [$action, $id];
        self::$teller = $journal;
    }

    /** The query ran: of a new key the number is known now. */
    public static function ran(): void
    {
        global $wpdb;
        if (self::$running === null) {
            return;
        }
        [$action, $id] = self::$running;
        self::$running = null;
        $id = $id > 0 ? $id : (int) $wpdb->insert_id;
        // Its owner is asked for later: a query in the midst of another's would disturb what that one left in $wpdb.
        $id > 0 && Guarded::action('shutdown', static fn() => self::tell($action, $id), 945);
    }

    private static function tell(string $action, int $id): void
    {
        global $wpdb;
        $row = $wpdb->get_row($wpdb->prepare("SELECT user_id, permissions FROM {$wpdb->prefix}" . self::TABLE . ' WHERE key_id = %d', $id));
        $owner = is_object($row) ? get_userdata((int) $row->user_id) : false;
        self::$teller !== null && self::$teller->urgent('iam', $action, [
            'wordpress.key.id' => $action === 'api-key-created' ? 'wc:' . $id : null,
            'wordpress.target.kind' => 'key',
            'wordpress.target.name' => 'wc:' . $id,
            'user.target.name' => $owner instanceof \WP_User ? self::$teller->context()->nameOf($owner) : null,
            'wordpress.key.permissions' => is_object($row) ? preg_replace('/[^a-z_]/', '', (string) $row->permissions) : null,
        ]);
    }
}
