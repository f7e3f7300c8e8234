<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Spool;

use PHPUnit\Framework\TestCase;
use Tourniquet\Chain\Base64Url;
use Tourniquet\Spool\Answer;
use Tourniquet\Spool\Identity;
use Tourniquet\Spool\Loopback;
use Tourniquet\Spool\Orders;
use Tourniquet\Spool\PrivateFile;
use Tourniquet\Spool\ShippingState;
use Tourniquet\Spool\Transport;
use Tourniquet\Unit\Vectors;

final class TransportTest extends TestCase
{
    private string $directory;

    protected function setUp(): void
    {
        $this->directory = sys_get_temp_dir() . '/tourniquet-unit-' . bin2hex(random_bytes(6));
        mkdir($this->directory, 0700);
    }

    protected function tearDown(): void
    {
        array_map('unlink', glob($this->directory . '/*') ?: []);
        rmdir($this->directory);
    }

    public function testOnlyThisMachineIsAskedWithoutTls(): void
    {
        foreach (['https://gateway.example', 'http://127.0.0.1:8080/x', 'http://localhost', 'http://[::1]:1'] as $url) {
            self::assertTrue(Transport::isAllowed($url), $url);
        }
        foreach (['http://gateway.example', 'http://127.0.0.1.example', 'http://192.0.2.1', 'ftp://127.0.0.1', 'file:///etc/passwd', ''] as $url) {
            self::assertFalse(Transport::isAllowed($url), $url);
        }
        self::assertSame(0, (new Transport())->post('http://gateway.example/v1/blocks', '', [], 1)->status);
        self::assertFalse(Transport::isOwn());
    }

    public function testAnAnswerSpeaksInAsciiAlone(): void
    {
        $answer = new Answer(403, '{"code":"TQ-GATEWAY-05","message":"re\u001b[2Jplaced"}');
        self::assertSame(['TQ-GATEWAY-05', '403 TQ-GATEWAY-05 re?[2Jplaced'], [$answer->code(), $answer->reason()]);
        self::assertSame(['', '502'], [(new Answer(502, '<html>'))->code(), (new Answer(502, '<html>'))->reason()]);
        self::assertSame('', (new Answer(400, '{"code":["x"]}'))->code());
    }

    public function testALoopbackKeyIsGoodForAMinute(): void
    {
        $key = Loopback::key($this->directory, 1000);
        self::assertTrue(Loopback::isKey($this->directory, $key, 1060));
        for ($at = 2000; $at < 2300; $at++) {
            self::assertTrue(Loopback::isKey($this->directory, Loopback::key($this->directory, $at), $at), 'whatever its digest begins with');
        }
        foreach ([[$key, 1061], [$key, 939], ['1000.' . str_repeat('0', 64), 1000], ['', 1000], [substr($key, 0, -1), 1000], ['1001' . substr($key, 4), 1000]] as [$other, $now]) {
            self::assertFalse(Loopback::isKey($this->directory, $other, $now));
        }
    }

    public function testBackOffGrowsToItsLimitAndIsNeverWaitedForAfterAClockJump(): void
    {
        $state = new ShippingState($this->directory);
        $waits = [];
        for ($i = 0; $i < 14; $i++) {
            $state->failed(new Answer(502, ''), 1000000);
            $waits[] = $state->get('next_try_ms') - 1000000;
        }
        self::assertGreaterThanOrEqual(2000, $waits[0]);
        self::assertLessThan(3000, $waits[0]);
        self::assertGreaterThan(3 * $waits[0], $waits[2]);
        self::assertLessThanOrEqual(15 * 60 * 1250, max($waits));
        self::assertTrue($state->mustWait(1000000));
        self::assertFalse($state->mustWait(1000000 - 86400000));
        $state->failed(new Answer(429, '', 7), 1000000);
        self::assertEqualsWithDelta(7000 * 1.125, $state->get('next_try_ms') - 1000000, 7000 * 0.125);
        self::assertSame('http-429', (new ShippingState($this->directory))->get('error_code'));
    }

    public function testLettersBecomeTokenKeysAndCommandsAreHandedOver(): void
    {
        $vectors = Vectors::json('letter.json');
        $identity = Identity::at($this->directory);
        $identity->save(['site' => 'shop', 'receipt_key' => 'x', 'box' => Base64Url::encode((string) hex2bin($vectors['box_private']))]);
        self::assertNull($identity->tokenKey());
        $taken = [];
        $key = Base64Url::encode(str_repeat("\7", 32));
        (new Orders($identity, new ShippingState($this->directory)))->take(
            ['now' => 5, 'command_key' => $key, 'letters' => array_merge([null, ['key_epoch' => '1']], array_slice($vectors['letters'], 0, 4)), 'commands' => [['counter' => 3], 'x']],
            static function (array $commands) use (&$taken): void {
                $taken[] = $commands;
            }
        );
        $again = Identity::at($this->directory);
        self::assertSame([1 => str_repeat("\xc1", 32), 2 => str_repeat("\xc2", 32)], $again->tokenKeys());
        self::assertSame(str_repeat("\xc2", 32), $again->tokenKey());
        self::assertSame([[['counter' => 3]]], $taken);
        // Pinned: another is not believed.
        (new Orders($again, new ShippingState($this->directory)))->take(['command_key' => Base64Url::encode(str_repeat("\x8", 32))], static fn() => null);
        self::assertSame(str_repeat("\7", 32), $again->commandKey());
    }

    public function testAFileIsReplacedAsAWholeAndErasedWithItsBytes(): void
    {
        $path = $this->directory . '/file';
        self::assertTrue(PrivateFile::replace($path, 'one'));
        self::assertTrue(PrivateFile::replace($path, 'two'));
        self::assertSame(['two', '0600'], [PrivateFile::read($path), substr(sprintf('%o', fileperms($path)), -4)]);
        $kept = fopen($path, 'rb');
        PrivateFile::erase($path);
        self::assertSame(["\0\0\0", false], [fread($kept, 9), is_file($path)]);
        self::assertFalse(PrivateFile::replace($this->directory . '/none/file', 'x'));
        self::assertNull(PrivateFile::read($path));
    }
}
