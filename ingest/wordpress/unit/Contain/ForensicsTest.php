<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Contain;

use PHPUnit\Framework\TestCase;
use Tourniquet\Contain\Forensics;

final class ForensicsTest extends TestCase
{
    public function testChunksAreShortEnoughForALineAndLoseNothing(): void
    {
        $lines = [];
        for ($i = 0; $i < 400; $i++) {
            $lines[] = str_repeat(['a', "\u{20ac}", '"', "\\"][$i % 4], $i % 250) . $i;
        }
        $again = [];
        foreach (Forensics::chunks($lines) as $chunk) {
            self::assertLessThanOrEqual(100, count($chunk));
            self::assertLessThan(32 * 1024, strlen((string) json_encode($chunk, JSON_UNESCAPED_UNICODE)));
            $again = array_merge($again, $chunk);
        }
        self::assertSame($lines, $again);
    }

    public function testAPartWithoutLinesShowsAsLookedAt(): void
    {
        self::assertSame([['-']], iterator_to_array(Forensics::chunks([]), false));
    }
}
