<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/**
 * The first line of a block (`contracts/block.ts`).
 *
 * @phpstan-type Header array{v: int, site: string, stream: string, epoch: int, first_seq: int, lines: int, previous_head: string,
 *     head: string, key: string, signature: string, certificate?: array{key: string, by: string, signature: string}, seen_checkpoint?: string}
 */
final class BlockHeader
{
    public const MOST_BLOCK_BYTES = 1024 * 1024;
    public const MOST_LINES = 10000;

    /** @param array<string, mixed> $header */
    public static function signedText(array $header): string
    {
        return implode("\n", [
            'tourniquet/block/v1', $header['site'], $header['stream'], $header['epoch'], $header['first_seq'], $header['lines'],
            $header['previous_head'], $header['head'], $header['key'], $header['certificate']['by'] ?? '', $header['seen_checkpoint'] ?? '', '',
        ]);
    }

    /**
     * @param array<string, mixed> $header all but key and signature
     * @return array<string, mixed>
     */
    public static function sign(array $header, SigningKey $key): array
    {
        $header['key'] = $key->public();
        $header['signature'] = $key->sign(self::signedText($header));
        return $header;
    }

    /** @param array<string, mixed> $header */
    public static function encode(array $header): string
    {
        return json_encode($header, JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR) . "\n";
    }

    /** @return array<string, mixed>|null the header a block's text begins with, as its writer left it */
    public static function of(string $block): ?array
    {
        $end = strpos($block, "\n");
        $header = $end === false ? null : json_decode(substr($block, 0, $end), true);
        $fits = is_array($header) && is_string($header['site'] ?? null) && is_string($header['stream'] ?? null) && is_string($header['head'] ?? null)
            && is_string($header['key'] ?? null) && is_int($header['epoch'] ?? null) && is_int($header['first_seq'] ?? null) && is_int($header['lines'] ?? null);
        return $fits ? $header : null;
    }
}
