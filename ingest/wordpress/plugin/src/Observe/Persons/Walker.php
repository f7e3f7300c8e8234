<?php

declare(strict_types=1);

namespace Tourniquet\Observe\Persons;

/**
 * Finds persons in what an interface answers: known shapes (orders, customers, accounts, comments), and elsewhere every
 * value that is an e-mail address. Reads at most `MOST_NODES` values of one answer.
 */
final class Walker
{
    private const MOST_NODES = 40000;
    private const MOST_DEPTH = 12;
    /** Parts of orders and posts that name nobody, or only what everybody may read. */
    private const SKIPPED = [
        '_links' => 1, 'line_items' => 1, 'tax_lines' => 1, 'shipping_lines' => 1, 'fee_lines' => 1, 'coupon_lines' => 1, 'refunds' => 1,
        'content' => 1, 'excerpt' => 1, 'title' => 1, 'description' => 1, 'schema' => 1, 'avatar_urls' => 1, 'caption' => 1, 'guid' => 1,
    ];
    private const ADDRESS = '/^[^\s@<>()",;:]{1,64}@[^\s@<>()",;:]+\.[A-Za-z0-9-]{2,}$/D';
    private const IN_LABEL = '/[^\s@<>()"\',;:&–-][^\s@<>()"\',;:&]{0,63}@[A-Za-z0-9.-]+\.[A-Za-z]{2,}/';

    private Found $found;
    /** @var array<string, true> lower-case addresses of the site itself */
    private array $ignored;
    /** @var array<string, true> lower-case addresses that the asker sent along */
    private array $sent;
    private int $nodes = 0;

    /**
     * @param list<string> $ignored
     * @param list<string> $sent
     */
    public function __construct(Found $found, array $ignored = [], array $sent = [])
    {
        $this->found = $found;
        $this->ignored = array_fill_keys(array_map('strtolower', array_filter($ignored)), true);
        $this->sent = array_fill_keys(array_map('strtolower', $sent), true);
    }

    /** @param mixed $data */
    public function walk($data): void
    {
        $data = self::plain($data);
        if (!is_array($data)) {
            return;
        }
        $isList = isset($data[0]);
        $this->found->counted($isList ? $this->personalRows($data) : ($this->into($data, '', 0) ? 1 : 0));
    }

    /** Whether all of the answer was read. */
    public function isWhole(): bool
    {
        return $this->nodes < self::MOST_NODES;
    }

    /** @param array<mixed> $rows */
    private function personalRows(array $rows): int
    {
        $count = 0;
        foreach ($rows as $row) {
            $row = self::plain($row);
            if (is_array($row) ? $this->into($row, '', 1) : (is_string($row) && $this->value($row, '', []))) {
                $count++;
            }
        }
        return $count;
    }

    /**
     * @param array<mixed> $row
     * @return bool whether somebody is in it
     */
    private function into(array $row, string $under, int $depth): bool
    {
        if ($depth > self::MOST_DEPTH || $this->nodes > self::MOST_NODES) {
            return false;
        }
        $somebody = false;
        if (isset($row['billing']) && is_array($row['billing'])) {
            $somebody = $this->buyer($row, $row['billing']);
            unset($row['billing'], $row['shipping']);
        }
        $hasAddress = false;
        foreach ($row as $name => $value) {
            $this->nodes++;
            if (is_string($value)) {
                if (strpos($value, '@') !== false && !isset(self::SKIPPED[$name]) && $this->value($value, $under . '/' . $name, $row)) {
                    $hasAddress = true;
                }
            } elseif ($value !== [] && (is_array($value) || is_object($value)) && !isset(self::SKIPPED[$name])) {
                $value = is_array($value) ? $value : self::plain($value);
                $somebody = (is_array($value) && $this->into($value, is_int($name) ? $under : $under . '/' . $name, $depth + 1)) || $somebody;
            }
        }
        if ($hasAddress || (isset($row['user_id']) && $this->numbered($row))) {
            $this->found->sawRow($row);
            return true;
        }
        return $somebody;
    }

    /**
     * An order, or a customer, of WooCommerce's interface.
     *
     * @param array<mixed> $row
     * @param array<mixed> $billing
     */
    private function buyer(array $row, array $billing): bool
    {
        $isOrder = isset($row['order_key']) || isset($row['customer_id']) || isset($row['payment_method']);
        $number = (int) ($isOrder ? ($row['customer_id'] ?? 0) : ($row['id'] ?? 0));
        $email = is_string($billing['email'] ?? null) ? $billing['email'] : '';
        if (!$isOrder && is_string($row['email'] ?? null) && $row['email'] !== '') {
            $email = $row['email'];
        }
        if ($email === '' && $number === 0) {
            return false;
        }
        $this->found->person('customer', $email, $number, is_string($billing['country'] ?? null) ? $billing['country'] : '', isset($this->sent[strtolower($email)]));
        $this->found->sawRow($billing)->sawRow($row);
        foreach (is_array($row['meta_data'] ?? null) ? $row['meta_data'] : [] as $meta) {
            $meta = self::plain($meta);
            is_array($meta) && ($meta['key'] ?? '') === Orders::CANARY && $this->found->canary();
        }
        return true;
    }

    /** @param array<mixed> $row that holds the value */
    private function value(string $text, string $path, array $row): bool
    {
        if (strlen($text) > 320) {
            return false;
        }
        if (preg_match(self::ADDRESS, $text) === 1) {
            $addresses = [$text];
        } elseif (strpos($text, 'mailto:') !== false || preg_match_all(self::IN_LABEL, $text, $matches) < 1) {
            return false;
        } else {
            $addresses = $matches[0];
        }
        $somebody = false;
        foreach ($addresses as $address) {
            $lower = strtolower($address);
            if (isset($this->ignored[$lower])) {
                continue;
            }
            $type = $this->typeOf($path, $row);
            $number = $type === 'user' ? (int) ($row['user_id'] ?? $row['id'] ?? $row['ID'] ?? 0) : (int) ($row['user_id'] ?? 0);
            $this->found->person($type, $address, $number, is_string($row['country'] ?? null) ? $row['country'] : '', isset($this->sent[$lower]));
            $this->found->saw('email');
            $somebody = true;
        }
        return $somebody;
    }

    /** @param array<mixed> $row */
    private function typeOf(string $path, array $row): string
    {
        if (stripos($path, 'patient') !== false) {
            return 'patient';
        }
        if (stripos($path, 'billing') !== false || stripos($path, 'customer') !== false || isset($row['orders_count']) || isset($row['total_spend']) || isset($row['is_paying_customer'])) {
            return 'customer';
        }
        return isset($row['roles']) || isset($row['username']) || isset($row['user_login']) || isset($row['capabilities']) || isset($row['slug']) ? 'user' : 'contact';
    }

    /**
     * Somebody named by the number of an account only, as reports about customers do.
     *
     * @param array<mixed> $row
     */
    private function numbered(array $row): bool
    {
        if (!isset($row['user_id'], $row['first_name']) || (int) $row['user_id'] < 1) {
            return false;
        }
        $this->found->person('customer', '', (int) $row['user_id'], is_string($row['country'] ?? null) ? $row['country'] : '');
        return true;
    }

    /**
     * @param mixed $value
     * @return mixed
     */
    private static function plain($value)
    {
        if ($value instanceof \JsonSerializable) {
            $value = $value->jsonSerialize();
        }
        return is_object($value) ? get_object_vars($value) : $value;
    }
}
