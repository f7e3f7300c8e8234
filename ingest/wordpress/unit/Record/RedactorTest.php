<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Record;

use PHPUnit\Framework\TestCase;
use Tourniquet\Record\Redactor;
use Tourniquet\Unit\Vectors;

final class RedactorTest extends TestCase
{
    public function testTextsAreRedactedAsTheGatewayDoesIt(): void
    {
        foreach (Vectors::rows('redacted-text.ndjson') as $row) {
            self::assertSame($row['redacted'], Redactor::text($row['text']), $row['text']);
        }
    }

    public function testAPathLosesItsQuery(): void
    {
        self::assertSame('/shop/', Redactor::path('/shop/?email=jane@example.com#top'));
    }
}
