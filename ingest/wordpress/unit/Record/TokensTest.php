<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Record;

use PHPUnit\Framework\TestCase;
use Tourniquet\Record\Spelling;
use Tourniquet\Record\Tokens;
use Tourniquet\Unit\Vectors;

final class TokensTest extends TestCase
{
    public function testTokensAreThoseOfTheContract(): void
    {
        foreach (Vectors::rows('token.ndjson') as $row) {
            self::assertSame($row['normalised'], Tokens::normalise($row['kind'], $row['value']), $row['value']);
            self::assertSame($row['token'], (new Tokens((string) hex2bin($row['site_key'])))->of($row['kind'], $row['value']));
        }
    }

    public function testBytesThatAreNoUtf8StayDifferent(): void
    {
        $tokens = new Tokens(str_repeat('k', 32));
        self::assertNotSame($tokens->of('text', "M\xfcller"), $tokens->of('text', "M\xf6ller"));
        self::assertSame($tokens->of('text', 'Müller'), $tokens->of('text', "M\xfcller"));
    }

    public function testMarksAreOrderedAndComposed(): void
    {
        self::assertSame("\u{1e69}", Spelling::nfkc("s\u{307}\u{323}"));
        self::assertSame("\u{d55c}\u{ae00}", Spelling::nfkc("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"));
        self::assertSame("\u{e0}\u{5ae}", Spelling::nfkc("a\u{5ae}\u{300}"));
        self::assertSame('ffi', Spelling::nfkc("\u{fb03}"));
    }

    public function testMarksWithoutEndAreOrderedInOneGo(): void
    {
        $many = 200000;
        self::assertSame(str_repeat("\u{323}", $many) . str_repeat("\u{301}", $many), Spelling::nfkc(str_repeat("\u{301}\u{323}", $many)));
    }

    public function testAnUnknownKindIsRefused(): void
    {
        $this->expectException(\InvalidArgumentException::class);
        Tokens::normalise('name', 'x');
    }
}
