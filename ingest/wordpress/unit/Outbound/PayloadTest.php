<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Outbound;

use PHPUnit\Framework\TestCase;
use Tourniquet\Outbound\Letter;
use Tourniquet\Outbound\Payload;
use Tourniquet\Outbound\Shape;
use Tourniquet\Outbound\Tally;
use Tourniquet\Record\Subjects;

final class PayloadTest extends TestCase
{
    /** @return iterable<string, array{mixed, string}> */
    public function bodies(): iterable
    {
        yield 'a form as a list' => [['email' => 'jane@example.com', 'tags' => ['a', 'b']], "email: jane@example.com\ntags: a\ntags: b"];
        yield 'a form as text' => ['email=jane%40example.com&n=1', "email: jane@example.com\nn: 1"];
        yield 'JSON' => ['{"contacts":[{"first-name":"Jane"}]}', 'first_name: Jane'];
        yield 'text' => ["hello\nthere", "hello\nthere"];
        yield 'nothing' => [null, ''];
    }

    /** @dataProvider bodies */
    public function testTextsStandBehindTheNamesOfTheirFields($body, string $text): void
    {
        self::assertSame($text, Payload::of($body)->text());
    }

    public function testBytesThatAreNoTextAreUnread(): void
    {
        self::assertTrue(Payload::of("PK\3\4\0\0")->isUnread);
        self::assertFalse(Payload::of('{"a":1}')->isUnread);
    }

    public function testWhatIsTooMuchIsUnread(): void
    {
        self::assertTrue(Payload::of(str_repeat('lamp ', 100000))->isUnread);
        self::assertTrue(Payload::of(array_fill(0, 6000, 'x'))->isUnread);
    }

    public function testAShapeIsAsLongAsItsText(): void
    {
        $token = static fn(string $text): string => substr(strtr(hash('sha256', $text), '0123456789', 'ghijklmnop'), 0, 24);
        self::assertSame(40, strlen(Shape::of(str_repeat('x', 40), $token)));
        self::assertSame(Shape::of('a', $token), Shape::of('a', $token));
        self::assertNotSame(Shape::of('abcdef', $token), Shape::of('abcdeg', $token));
        self::assertSame('', Shape::of('abc', static fn(): string => ''));
    }

    public function testALetterNamesAllItsReceivers(): void
    {
        $letter = Letter::of(['to' => 'Jane <jane@example.com>, john@example.com', 'subject' => 's', 'message' => '<p>a<br>b &amp; c</p>', 'headers' => "Cc: c@example.com\r\nBcc: Bob <b@example.com>\r\nX-Y: z@example.com"]);
        self::assertSame(['jane@example.com', 'john@example.com', 'c@example.com', 'b@example.com'], $letter->addresses);
        self::assertSame('example.com', $letter->domain());
        self::assertStringContainsString('b & c', $letter->text);
    }

    public function testADomainThatNamesAPersonIsNotTold(): void
    {
        self::assertSame('', Letter::of(['to' => 'jane@janeroe.example'])->domain());
        self::assertSame('', Letter::of(['to' => ['a@one.example', 'b@two.example']])->domain());
    }

    public function testLikeCallsAreSummedAndPersonsUnited(): void
    {
        $told = [];
        $tally = new Tally(static function (array $fields, Subjects $subjects) use (&$told): void {
            $told[] = [$fields['wordpress.outbound.calls'], $fields['http.request.body.bytes'], $subjects->count()];
        });
        foreach (['a@example.com', 'b@example.com', 'a@example.com'] as $address) {
            $tally->add('x', ['http.request.body.bytes' => 10], (new Subjects())->add('contact', 'email', $address));
        }
        $tally->add('y', ['http.request.body.bytes' => 1], new Subjects());
        $tally->flush();
        self::assertSame([[3, 30, 2], [null, 1, 0]], $told);
    }

    public function testDifferentQueriesOfLikeCallsAreCounted(): void
    {
        $told = [];
        $tally = new Tally(static function (array $fields) use (&$told): void {
            $told[] = [$fields['wordpress.outbound.calls'], $fields['wordpress.outbound.queries']];
        });
        foreach (['x' => ['a', 'b', 'a'], 'y' => ['a', 'a'], 'z' => [null]] as $kind => $queries) {
            foreach ($queries as $query) {
                $tally->add($kind, ['wordpress.outbound.query_token' => $query], new Subjects());
            }
        }
        $tally->flush();
        self::assertSame([[3, 2], [2, null], [null, null]], $told);
    }
}
