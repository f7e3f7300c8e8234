<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Contain\Act;
use Tourniquet\Contain\Hold;

/** A REST key of WooCommerce opens nothing for as long as the measure is in force; its row is kept, so that it can come back. */
final class RevokeApiKey implements Act
{
    /** A key is found by the hash of what its owner shows, in hexadecimal digits; no text hashes to these letters. */
    private const HASH = '0123456789abcdef';
    private const HELD = 'ghijklmnopqrstuv';
    private const MOST_SITES = 500;

    public function kind(): string
    {
        return 'key';
    }

    public function named(string $target): string
    {
        return $target;
    }

    public function refusal(string $target): ?string
    {
        $found = count($this->rows($target));
        return $found === 1 ? null : ($found === 0 ? 'not-found' : 'ambiguous');
    }

    public function begin(string $target): array
    {
        $rows = $this->rows($target);
        if (count($rows) !== 1) {
            throw new \RuntimeException('not-found');
        }
        $table = (string) key($rows);
        $this->put($table, $rows[$table], strtr((string) $rows[$table]['consumer_key'], self::HASH, self::HELD));
        return ['key' => (int) $rows[$table]['key_id'], 'table' => $table];
    }

    public function end(array $kept): void
    {
        $table = (string) ($kept['table'] ?? '');
        $row = $this->rows('wc:' . (int) ($kept['key'] ?? 0))[$table] ?? null;
        if ($row !== null) {
            $this->put($table, $row, strtr((string) $row['consumer_key'], self::HELD, self::HASH));
        }
    }

    public function enforce(array $kept, Hold $hold): void
    {
    }

    /** @param array<string, mixed> $row */
    private function put(string $table, array $row, string $key): void
    {
        global $wpdb;
        if ($key !== (string) $row['consumer_key'] && $wpdb->update($table, ['consumer_key' => $key], ['key_id' => (int) $row['key_id']], ['%s'], ['%d']) !== 1) {
            throw new \RuntimeException('not-changed');
        }
    }

    /**
     * The number counts for each site of a network by itself.
     *
     * @return array<string, array<string, mixed>> by table
     */
    private function rows(string $target): array
    {
        global $wpdb;
        if (preg_match('/^wc:(\d{1,9})\z/', $target, $found) !== 1) {
            return [];
        }
        $rows = [];
        $sites = is_multisite() ? get_sites(['fields' => 'ids', 'number' => self::MOST_SITES]) : [get_current_blog_id()];
        foreach ($sites as $site) {
            $table = $wpdb->get_blog_prefix((int) $site) . 'woocommerce_api_keys';
            if ($wpdb->get_var($wpdb->prepare('SHOW TABLES LIKE %s', $wpdb->esc_like($table))) !== null) {
                $row = $wpdb->get_row($wpdb->prepare("SELECT key_id, consumer_key FROM `{$table}` WHERE key_id = %d", (int) $found[1]), ARRAY_A);
                $rows += is_array($row) ? [$table => $row] : [];
            }
        }
        return $rows;
    }
}
