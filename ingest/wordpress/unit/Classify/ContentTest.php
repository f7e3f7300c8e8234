<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Classify;

use PHPUnit\Framework\TestCase;
use Tourniquet\Classify\Content;
use Tourniquet\Classify\Findings;

final class ContentTest extends TestCase
{
    public function testSaysWhichClassesStandInAText(): void
    {
        $text = 'Dear Jane, your MRN 00123456 and card 4111 1111 1111 1111; write to jane.roe@example.com or call +49 30 1234567. IBAN DE89 3704 0044 0532 0130 00. The patient has type 2 diabetes.';
        self::assertSame(['fin.iban' => 1, 'pci.pan' => 1, 'phi.diagnosis' => 1, 'phi.mrn' => 1, 'pii.email' => 1, 'pii.phone' => 1], Content::classes($text));
    }

    public function testSpansAreInOrderAndDoNotOverlap(): void
    {
        $end = 0;
        $text = str_repeat('password=jane.roe@example.com&phone=+49 30 1234567&name=x ', 50);
        foreach (Content::spans($text) as $span) {
            self::assertGreaterThanOrEqual($end, $span['start']);
            self::assertGreaterThan(0, $span['length']);
            $end = $span['start'] + $span['length'];
        }
        self::assertGreaterThan(0, $end);
    }

    public function testSaysHowAnIdentifierIsNormalised(): void
    {
        $text = 'x jane@example.com y';
        self::assertSame([['start' => 2, 'length' => 16, 'class' => 'pii.email', 'kind' => 'email']], Content::spans($text));
    }

    public function testFindsWhatStandsOnTheEdgeOfAWindow(): void
    {
        $text = str_repeat('lamp ', 13103) . 'jane.roe@example.com' . str_repeat(' lamp', 2000);
        self::assertSame(['pii.email' => 1], Content::classes($text));
    }

    public function testATextTooLongIsUnknownAndNotClean(): void
    {
        self::assertSame(['unknown' => 1], Content::classes(str_repeat('lamp ', 210000)));
    }

    public function testAPatternThatGivesUpMakesTheWindowUnknown(): void
    {
        $limit = ini_set('pcre.backtrack_limit', '1');
        $jit = ini_set('pcre.jit', '0');
        $classes = Content::classes('first name: ' . str_repeat('aa bb ', 2000));
        ini_set('pcre.backtrack_limit', (string) $limit);
        ini_set('pcre.jit', (string) $jit);
        self::assertArrayHasKey('unknown', $classes);
    }

    public function testFindingsCountPersonsOnce(): void
    {
        $findings = Findings::of("email: Jane@Example.com\nemail: jane@example.com\nphone: +49 30 1234567\nemail: john@example.com");
        self::assertSame(2, $findings->count());
        self::assertSame(['pii.email', 'pii.phone'], $findings->classes);
        self::assertSame(1, $findings->without(Findings::of('jane@example.com'))->count());
    }
}
