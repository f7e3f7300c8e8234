<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Chain;

use PHPUnit\Framework\TestCase;
use Tourniquet\Chain\Base64Url;
use Tourniquet\Chain\BlockHeader;
use Tourniquet\Chain\Lines;
use Tourniquet\Chain\SigningKey;
use Tourniquet\Unit\Vectors;

final class BlockTest extends TestCase
{
    public function testHeadsAreThoseOfTheContract(): void
    {
        foreach (Vectors::rows('chain.ndjson') as $row) {
            $framed = $row['nonce'] . ' ' . base64_decode($row['line'], true);
            self::assertSame($row['head'], Base64Url::encode(Lines::head((string) Base64Url::decode($row['previous_head']), [$framed])));
        }
    }

    public function testSignedTextsAndSignaturesAreThoseOfTheContract(): void
    {
        $vectors = Vectors::json('block.json');
        $keys = [];
        foreach ([$vectors['seed'], $vectors['successor_seed']] as $seed) {
            $key = new SigningKey((string) hex2bin($seed));
            $keys[$key->public()] = $key;
        }
        self::assertArrayHasKey($vectors['public_key'], $keys);
        foreach ($vectors['blocks'] as $block) {
            $header = $block['header'];
            self::assertSame($block['signed_text'], BlockHeader::signedText($header));
            self::assertEquals($header, BlockHeader::sign(array_diff_key($header, ['key' => 1, 'signature' => 1]), $keys[$header['key']]));
        }
    }

    public function testCertificatesAreThoseOfTheContract(): void
    {
        $vectors = Vectors::json('block.json');
        $given = $vectors['certificate'];
        $made = (new SigningKey((string) hex2bin($vectors['seed'])))->certify($given['site'], $given['certificate']['key']);
        self::assertSame($given['certificate'], $made);
        self::assertTrue(SigningKey::holds($made['by'], $given['signed_text'], $made['signature']));
        self::assertFalse(SigningKey::holds($made['key'], $given['signed_text'], $made['signature']));
        self::assertFalse(SigningKey::holds('', '', ''));
        self::assertFalse(SigningKey::holds(str_repeat('A', 43), $given['signed_text'], $made['signature']));
    }

    public function testABodyIsReadAndLedToItsHead(): void
    {
        $body = (string) base64_decode(Vectors::json('block.json')['body']['bytes'], true);
        $header = BlockHeader::of($body);
        self::assertNotNull($header);
        $lines = array_slice(explode("\n", $body), 1, $header['lines']);
        self::assertSame($header['head'], Base64Url::encode(Lines::head((string) Base64Url::decode($header['previous_head']), $lines)));
    }

    public function testWhatIsFramedIsReadAgain(): void
    {
        $framed = Lines::frame(['{"a":1}', '{"b":"' . str_repeat('ü', 100) . '"}', '{}']);
        $lines = explode("\n", rtrim($framed, "\n"));
        self::assertSame(['{"a":1}', '{"b":"' . str_repeat('ü', 100) . '"}', '{}'], array_map([Lines::class, 'event'], $lines));
        self::assertCount(3, array_unique(array_map(static fn(string $line): string => substr($line, 0, 22), $lines)));
        self::assertSame('', Lines::frame([]));
    }

    /** @dataProvider brokenFramings */
    public function testBrokenFramingIsSeen(string $line): void
    {
        self::assertNull(Lines::event($line));
    }

    /** @return list<array{string}> */
    public function brokenFramings(): array
    {
        return [[''], ['AAECAwQFBgcICQoLDA0ODw'], ['AAECAwQFBgcICQoLDA0ODw{}'], ['AAECAwQFBgcICQoLDA0ODx {}'], ['AAECAwQFBgcICQoLDA0OD+ {}'], ['{"a":1} of another kind']];
    }

    public function testOnlyOneSpellingOfBase64UrlIsTaken(): void
    {
        self::assertSame("\0\1", Base64Url::decode('AAE'));
        foreach (['AAE=', 'AAF', 'AA E', 'A+E', "AAE\n", 'A'] as $text) {
            self::assertNull(Base64Url::decode($text), $text);
        }
        self::assertNull(Base64Url::decode('AAE', 3));
    }
}
