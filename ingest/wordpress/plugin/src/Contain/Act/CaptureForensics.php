<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Contain\Act;
use Tourniquet\Contain\Forensics;
use Tourniquet\Contain\Hold;

/** What helps to understand what happened is put on the log. Nothing stays in force. */
final class CaptureForensics implements Act
{
    private Forensics $forensics;

    public function __construct(Forensics $forensics)
    {
        $this->forensics = $forensics;
    }

    public function kind(): string
    {
        return 'site';
    }

    public function named(string $target): string
    {
        return (string) wp_parse_url(home_url(), PHP_URL_HOST);
    }

    public function refusal(string $target): ?string
    {
        return array_diff(self::parts($target), Forensics::PARTS) === [] ? null : 'unknown-part';
    }

    public function begin(string $target): ?array
    {
        $this->forensics->capture(self::parts($target));
        return null;
    }

    public function end(array $kept): void
    {
    }

    public function enforce(array $kept, Hold $hold): void
    {
    }

    /** @return list<string> */
    private static function parts(string $target): array
    {
        return $target === '' ? Forensics::PARTS : array_map('trim', explode(',', $target));
    }
}
