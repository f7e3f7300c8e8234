<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Reads;

use PHPUnit\Framework\TestCase;
use Tourniquet\Observe\Persons\OutputScan;

final class OutputScanTest extends TestCase
{
    /**
     * @param list<string> $pieces
     * @return array{string, list<string>} what came out, and the addresses in it
     */
    private static function scan(array $pieces): array
    {
        ob_start();
        $scan = new OutputScan();
        $scan->begin();
        foreach ($pieces as $piece) {
            echo $piece;
        }
        ob_end_flush();
        return [(string) ob_get_clean(), $scan->addresses()];
    }

    public function testWhatIsWrittenGoesOutUnchangedAndItsAddressesAreFound(): void
    {
        $json = '{"rows":[{"mail":"Jo@people.example"},{"mail":"ann@people.example"}]}';
        self::assertSame([$json, ['jo@people.example', 'ann@people.example']], self::scan([$json]));
    }

    public function testEachPieceGoesOutWhenItIsWritten(): void
    {
        ob_start();
        $outer = ob_get_level();
        (new OutputScan())->begin();
        echo 'first';
        $waiting = ob_get_status(true)[$outer]['buffer_used'];
        ob_end_flush();
        self::assertSame([0, 'first'], [$waiting, ob_get_clean()]);
    }

    public function testAnAddressInTwoPiecesIsFoundOnceAndWhole(): void
    {
        $text = str_repeat('x ', 200) . 'jo.roe@north.people.example' . str_repeat(' y', 200) . ' ann@people.example';
        for ($i = 0; $i < 200; $i++) {
            $pieces = [];
            for ($at = 0; $at < strlen($text); $at += $size) {
                $size = random_int(1, 40);
                $pieces[] = substr($text, $at, $size);
            }
            self::assertSame([$text, ['jo.roe@north.people.example', 'ann@people.example']], self::scan($pieces), 'cut as ' . json_encode(array_map('strlen', $pieces)));
        }
    }

    /** A script that cleans what it wrote before its answer, and flushes, below PHP's own buffer of so many bytes. */
    private static function answer(int $buffered, bool $isScanned): string
    {
        $file = (string) (new \ReflectionClass(OutputScan::class))->getFileName();
        $code = "require '{$file}'; " . ($isScanned ? '(new ' . OutputScan::class . '())->begin(); ' : '') . 'echo "stray"; @ob_clean(); echo "one"; @ob_flush(); echo "two"; echo ob_get_level();';
        return (string) shell_exec(escapeshellarg(PHP_BINARY) . " -n -d output_buffering={$buffered} -r " . escapeshellarg($code));
    }

    public function testCleaningAndFlushingPhpsOwnBufferMeansWhatItDid(): void
    {
        self::assertSame('onetwo1', self::answer(4096, false));
        self::assertSame('onetwo1', self::answer(4096, true));
    }
}
