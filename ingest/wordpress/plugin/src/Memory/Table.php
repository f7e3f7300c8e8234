<?php

declare(strict_types=1);

namespace Tourniquet\Memory;

/**
 * One table for all sites of a network: a hashed name, a day (0 where only "seen" counts), an amount. Made at the end of a
 * request, never in its midst: creating a table would commit somebody's transaction. What other code reads from `$wpdb` after
 * its own query is left as it was.
 */
final class Table
{
    public const DAYS = 90;
    public const OPTION = 'tourniquet_memory';
    private const VERSION = 1;
    private const MOST_PRUNED = 20000;

    /** @var array{version: int, since: int, tried: int}|null */
    private ?array $state = null;
    private bool $asked = false;

    /** Of a kind and key: 32 hexadecimal digits. */
    public static function name(string $kind, string $key): string
    {
        return substr(hash('sha256', $kind . "\n" . $key), 0, 32);
    }

    public function isReady(): bool
    {
        $state = $this->state();
        if ($state['version'] === self::VERSION) {
            return true;
        }
        if (!$this->asked && $state['tried'] < time() - DAY_IN_SECONDS) {
            $this->asked = true;
            add_action('shutdown', [$this, 'install'], PHP_INT_MAX - 1);
        }
        return false;
    }

    /** Since when (Unix seconds) the plugin has been remembering. */
    public function since(): int
    {
        return $this->state()['since'];
    }

    public function install(): void
    {
        if ($this->state()['version'] === self::VERSION) {
            return;
        }
        try {
            require_once ABSPATH . 'wp-admin/includes/upgrade.php';
            $table = $this->table();
            $this->quietly(static function (\wpdb $db) use ($table): void {
                dbDelta("CREATE TABLE {$table} (
  name char(32) NOT NULL,
  day smallint(5) unsigned NOT NULL,
  amount bigint(20) unsigned NOT NULL,
  first int(10) unsigned NOT NULL,
  last int(10) unsigned NOT NULL,
  PRIMARY KEY  (name,day),
  KEY last (last)
) {$db->get_charset_collate()};");
            });
            $made = (bool) $this->quietly(static fn(\wpdb $db) => $db->get_var($db->prepare('SHOW TABLES LIKE %s', $db->esc_like($table))));
        } catch (\Throwable $failure) {
            $made = false;
        }
        $this->keep(['version' => $made ? self::VERSION : 0, 'since' => $this->state()['since'] ?: time(), 'tried' => time()]);
    }

    /** @return array{first: int, last: int}|null */
    public function last(string $name): ?array
    {
        $table = $this->table();
        $row = $this->quietly(static fn(\wpdb $db) => $db->get_row($db->prepare("SELECT first, last FROM {$table} WHERE name = %s AND day = 0", $name), ARRAY_A));
        return is_array($row) ? ['first' => (int) $row['first'], 'last' => (int) $row['last']] : null;
    }

    /** @return array<int, int>|null day to amount, from `$from` on; null when the table cannot be read */
    public function days(string $name, int $from): ?array
    {
        $table = $this->table();
        return $this->quietly(static function (\wpdb $db) use ($table, $name, $from): ?array {
            $rows = $db->get_results($db->prepare("SELECT day, amount FROM {$table} WHERE name = %s AND day >= %d", $name, $from), ARRAY_A);
            return $db->last_error !== '' || !is_array($rows) ? null : array_map('intval', array_column($rows, 'amount', 'day'));
        });
    }

    public function note(string $name, int $day, int $amount, int $now): void
    {
        $table = $this->table();
        $this->quietly(static fn(\wpdb $db) => $db->query($db->prepare(
            "INSERT INTO {$table} (name, day, amount, first, last) VALUES (%s, %d, %d, %d, %d) ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount), last = VALUES(last)",
            $name,
            $day,
            max(0, $amount),
            $now,
            $now
        )));
    }

    public function prune(int $now): void
    {
        $table = $this->table();
        $this->quietly(static fn(\wpdb $db) => $db->query($db->prepare("DELETE FROM {$table} WHERE last < %d LIMIT %d", $now - self::DAYS * 86400, self::MOST_PRUNED)));
    }

    private function table(): string
    {
        global $wpdb;
        return $wpdb->base_prefix . 'tourniquet_memory';
    }

    /**
     * Runs queries without a trace in `$wpdb`, and without a message when they fail.
     *
     * @template T
     * @param callable(\wpdb): T $queries
     * @return T
     */
    private function quietly(callable $queries)
    {
        global $wpdb;
        $kept = [];
        foreach (['last_query', 'last_result', 'last_error', 'num_rows', 'rows_affected', 'insert_id'] as $name) {
            $kept[$name] = $wpdb->$name;
        }
        $shown = $wpdb->suppress_errors(true);
        $wpdb->last_error = '';
        try {
            return $queries($wpdb);
        } finally {
            $wpdb->suppress_errors($shown);
            foreach ($kept as $name => $value) {
                $wpdb->$name = $value;
            }
        }
    }

    /** @return array{version: int, since: int, tried: int} */
    private function state(): array
    {
        if ($this->state === null) {
            $kept = is_multisite() ? get_site_option(self::OPTION) : get_option(self::OPTION);
            $kept = is_array($kept) ? $kept : [];
            $this->state = ['version' => (int) ($kept['version'] ?? 0), 'since' => (int) ($kept['since'] ?? 0), 'tried' => (int) ($kept['tried'] ?? 0)];
        }
        return $this->state;
    }

    /** @param array{version: int, since: int, tried: int} $state */
    private function keep(array $state): void
    {
        $this->state = $state;
        is_multisite() ? update_site_option(self::OPTION, $state) : update_option(self::OPTION, $state, true);
    }
}
