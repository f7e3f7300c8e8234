<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/** The gateway's word that a block is durable (`contracts/receipt.ts`). */
final class Receipt
{
    private const COUNTS = ['epoch', 'first_seq', 'lines', 'received_at', 'dead_letters', 'size', 'index'];
    private const TEXTS = ['site', 'stream', 'head', 'key', 'signature'];
    /** Of a tree. */
    private const MOST = 65536;

    /** @param array<string, mixed> $receipt */
    public static function text(array $receipt): string
    {
        return implode("\n", [
            'tourniquet/receipt/v2', $receipt['site'], $receipt['stream'], $receipt['epoch'], $receipt['first_seq'], $receipt['lines'],
            $receipt['head'], $receipt['received_at'], $receipt['dead_letters'], '',
        ]);
    }

    /**
     * Whether it is for the very block of this header, and signed by the gateway enrolled with.
     *
     * @param mixed $receipt
     * @param array<string, mixed> $header
     */
    public static function covers($receipt, array $header, string $receiptKey): bool
    {
        if (!self::isOne($receipt) || $receipt['key'] !== $receiptKey) {
            return false;
        }
        foreach (['site', 'stream', 'epoch', 'first_seq', 'lines', 'head'] as $name) {
            if ($receipt[$name] !== $header[$name]) {
                return false;
            }
        }
        return self::holds($receipt);
    }

    /** @param array<string, mixed> $receipt */
    public static function holds(array $receipt): bool
    {
        if (!self::isOne($receipt)) {
            return false;
        }
        $root = self::root(hash('sha256', "\0" . self::text($receipt), true), $receipt['index'], $receipt['size'], $receipt['path']);
        return $root !== null && SigningKey::holds($receipt['key'], self::signedText($receipt['key'], $receipt['size'], $root), $receipt['signature']);
    }

    private static function signedText(string $key, int $size, string $root): string
    {
        return "tourniquet/receipts/v2\n{$key}\n{$size}\n" . Base64Url::encode($root) . "\n";
    }

    /** @param mixed $receipt */
    private static function isOne($receipt): bool
    {
        if (!is_array($receipt) || ($receipt['v'] ?? null) !== 2 || !is_array($receipt['path'] ?? null)) {
            return false;
        }
        foreach (self::COUNTS as $name) {
            if (!is_int($receipt[$name] ?? null)) {
                return false;
            }
        }
        foreach (self::TEXTS as $name) {
            if (!is_string($receipt[$name] ?? null)) {
                return false;
            }
        }
        return true;
    }

    /**
     * RFC 9162, section 2.1.3.2, up to the comparison; null when the path does not fit the place.
     *
     * @param array<mixed> $path
     */
    private static function root(string $node, int $index, int $size, array $path): ?string
    {
        if ($index < 0 || $index >= $size || $size > self::MOST) {
            return null;
        }
        $last = $size - 1;
        foreach ($path as $text) {
            $beside = is_string($text) ? Base64Url::decode($text, 32) : null;
            if ($last === 0 || $beside === null) {
                return null;
            }
            if ($index % 2 === 1 || $index === $last) {
                $node = hash('sha256', "\1" . $beside . $node, true);
                // Up to where this node was a right child: levels without a neighbour have no hash in the path.
                while ($index % 2 === 0 && $index !== 0) {
                    [$index, $last] = [$index >> 1, $last >> 1];
                }
            } else {
                $node = hash('sha256', "\1" . $node . $beside, true);
            }
            [$index, $last] = [$index >> 1, $last >> 1];
        }
        return $last === 0 ? $node : null;
    }
}
