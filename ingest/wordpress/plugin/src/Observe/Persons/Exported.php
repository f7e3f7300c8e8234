<?php

declare(strict_types=1);

namespace Tourniquet\Observe\Persons;

/** Persons in what an export writes. */
final class Exported
{
    private const MOST = 10000;
    private const ADDRESS = '/[A-Za-z0-9][A-Za-z0-9._%+\'-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/';

    /**
     * Whom WordPress' export file names: buyers, authors and commenters of the exported types.
     *
     * @param list<string> $types post types
     */
    public static function content(array $types, Found $found): void
    {
        global $wpdb;
        $marks = implode(',', array_fill(0, count($types), '%s'));
        if ($types === []) {
            return;
        }
        $ask = static fn(string $query): array => (array) $wpdb->get_col($wpdb->prepare($query . ' LIMIT ' . self::MOST, $types));
        if (in_array('shop_order', $types, true)) {
            $found->saw('name', 'address', 'phone');
            foreach ($ask("SELECT DISTINCT m.meta_value FROM {$wpdb->posts} p JOIN {$wpdb->postmeta} m ON m.post_id = p.ID AND m.meta_key = '_billing_email' WHERE p.post_type IN ({$marks})") as $email) {
                $found->person('customer', (string) $email)->saw('email');
            }
        }
        foreach ($ask("SELECT DISTINCT u.user_email FROM {$wpdb->posts} p JOIN {$wpdb->users} u ON u.ID = p.post_author WHERE p.post_type IN ({$marks})") as $email) {
            $found->person('user', (string) $email)->saw('email', 'display_name');
        }
        foreach ($ask("SELECT DISTINCT c.comment_author_email FROM {$wpdb->posts} p JOIN {$wpdb->comments} c ON c.comment_post_ID = p.ID AND c.comment_approved <> 'spam' AND c.comment_type <> 'order_note' WHERE p.post_type IN ({$marks})") as $email) {
            $found->person('contact', (string) $email)->saw('email');
        }
    }

    /**
     * @param array<mixed> $row of a report, by column
     * @param array<mixed> $item what it was made of
     */
    public static function row(array $row, Found $found, array $item = []): void
    {
        $buyer = is_array($item['extended_info']['customer'] ?? null) ? $item['extended_info']['customer'] : $item;
        $found->sawRow($row);
        $email = is_string($row['email'] ?? null) ? $row['email'] : '';
        $country = is_string($row['country'] ?? null) ? $row['country'] : '';
        $found->person('customer', $email, (int) ($row['user_id'] ?? $buyer['user_id'] ?? 0), $country);
    }

    public static function csv(string $csv, Found $found): void
    {
        if (preg_match_all(self::ADDRESS, $csv, $matches) > 0) {
            foreach (array_slice($matches[0], 0, self::MOST) as $email) {
                $found->person('customer', $email)->saw('email');
            }
        }
    }

    /** Records of CSV text without a header: line feeds within quotes belong to a field. */
    public static function rowsOf(string $csv): int
    {
        $plain = (string) preg_replace('/"[^"]*"/', '', $csv);
        return count(array_filter(explode("\n", $plain), static fn(string $line): bool => trim($line) !== ''));
    }
}
