<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/** `recipients.sealed` of an evidence bundle: who is to be told, for this site alone (`docs/bundle.md`). */
final class Recipients
{
    /**
     * @param array<int, string> $tokenKeys by key epoch, 32 bytes each
     * @return list<array<string, mixed>>|null `token`, `kind`, `jurisdiction`, `classes`, `firstMs`, `lastMs`; null when it is not for these keys
     */
    public static function open(string $file, array $tokenKeys): ?array
    {
        $box = json_decode($file, true);
        $fits = is_array($box) && ($box['v'] ?? null) === 1 && is_string($box['site'] ?? null) && is_int($box['epoch'] ?? null)
            && is_string($box['nonce'] ?? null) && is_string($box['sealed'] ?? null) && isset($tokenKeys[$box['epoch']]);
        if (!$fits) {
            return null;
        }
        $key = hash_hkdf('sha256', $tokenKeys[$box['epoch']], 32, 'tourniquet/notice/v1');
        $additional = "tourniquet/notice/v1\n{$box['site']}\n{$box['epoch']}\n";
        $text = AesGcm::open((string) base64_decode($box['sealed'], true), $key, (string) base64_decode($box['nonce'], true), $additional);
        if ($text === null) {
            return null;
        }
        $rows = [];
        foreach (explode("\n", rtrim($text, "\n")) as $line) {
            $row = json_decode($line, true);
            if (is_array($row)) {
                $rows[] = $row;
            }
        }
        return $rows;
    }
}
