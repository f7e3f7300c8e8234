<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Ai;

use PHPUnit\Framework\TestCase;
use Tourniquet\Ai\Anonymised;
use Tourniquet\Ai\Pseudonyms;
use Tourniquet\Ai\Unreadable;

final class PseudonymsTest extends TestCase
{
    private const IDENTIFIERS = ['jane.roe@example.com', "o'brien@example.org", '+49 30 1234567', '4111 1111 1111 1111', 'DE89 3704 0044 0532 0130 00', '219-09-9998', 'jörg@example.net'];
    private const WORDS = ['lamp', 'order', 'the', 'Straße', 'total 45.90', "\n", '"quoted"', '\\', '[x]', '{', 'emoji 🙂', "tab\t"];

    private int $state = 0;

    /** From the seed alone: a linear congruential generator modulo 2^32. */
    private function random(int $least, int $most): int
    {
        $this->state = ($this->state * 1664525 + 1013904223) & 0xffffffff;
        return $least + ($this->state >> 8) % ($most - $least + 1);
    }

    /** @return iterable<string, array{int}> */
    public function seeds(): iterable
    {
        $seed = (int) (getenv('TOURNIQUET_SEED') ?: 20261121);
        for ($i = 0; $i < 60; $i++) {
            yield 'seed ' . ($seed + $i) => [$seed + $i];
        }
    }

    /** @dataProvider seeds */
    public function testNoIdentifierLeavesAndAllComesBackExactly(int $seed): void
    {
        $this->state = $seed;
        $messages = [];
        $used = [];
        for ($m = $this->random(1, 5); $m > 0; $m--) {
            $parts = [];
            for ($i = $this->random(1, 12); $i > 0; $i--) {
                $identifier = $this->random(0, 2) === 0 ? self::IDENTIFIERS[$this->random(0, count(self::IDENTIFIERS) - 1)] : '';
                $used[$identifier] = true;
                $parts[] = $identifier === '' ? self::WORDS[$this->random(0, count(self::WORDS) - 1)] : $identifier;
            }
            $messages[] = ['role' => 'user', 'content' => implode(' ', $parts)];
        }
        unset($used['']);
        $body = (string) json_encode(['model' => 'm', 'messages' => $messages, 'stream' => false]);
        $anonymised = new Anonymised(['body' => $body], '/v1/chat/completions', '');
        $sent = $anonymised->args['body'];
        $texts = implode("\n", array_column(json_decode($sent, true)['messages'], 'content'));
        foreach (array_keys($used) as $identifier) {
            self::assertStringNotContainsString((string) $identifier, $texts, "seed {$seed}");
        }
        self::assertEquals(json_decode($body, true), json_decode($anonymised->pseudonyms->restoreAnswer($sent), true), "seed {$seed}");
    }

    public function testAValueToldOnceIsHiddenWhereNothingTellsIt(): void
    {
        $pseudonyms = new Pseudonyms('');
        $pseudonyms->learn('Patient name: Marlene Example. MRN 00123456');
        $hidden = $pseudonyms->hide('Marlene asked about 00123456; marlene again');
        self::assertStringNotContainsStringIgnoringCase('Marlene', $hidden);
        self::assertStringNotContainsString('00123456', $hidden);
        self::assertSame('Marlene asked about 00123456; marlene again', $pseudonyms->restore($hidden));
    }

    public function testPutsValuesBackIntoAStreamWhosePiecesCutThem(): void
    {
        $pseudonyms = new Pseudonyms('');
        $hidden = $pseudonyms->hide('jane.roe@example.com');
        $stream = '';
        foreach (str_split('Write to ' . $hidden . ' soon', 3) as $piece) {
            $stream .= 'data: ' . json_encode(['id' => 'c1', 'choices' => [['index' => 0, 'delta' => ['content' => $piece]]]]) . "\n\n";
        }
        $text = '';
        foreach (explode("\n\n", $pseudonyms->restoreAnswer($stream . "data: [DONE]\n\n")) as $event) {
            $text .= json_decode(substr($event, 6), true)['choices'][0]['delta']['content'] ?? '';
        }
        self::assertSame('Write to jane.roe@example.com soon', $text);
    }

    public function testPutsValuesBackIntoJsonLines(): void
    {
        $pseudonyms = new Pseudonyms('');
        $hidden = $pseudonyms->hide("o'brien@example.org");
        $lines = json_encode(['message' => ['content' => substr($hidden, 0, 7)], 'done' => false]) . "\n" . json_encode(['message' => ['content' => substr($hidden, 7)], 'done' => true]) . "\n";
        self::assertStringContainsString("o'brien@example.org", $pseudonyms->restoreAnswer($lines));
    }

    public function testWhatOnlyBeginsLikeAStandInStays(): void
    {
        $pseudonyms = new Pseudonyms('');
        $pseudonyms->hide('jane.roe@example.com');
        $stream = 'data: {"delta":"see ["}' . "\n\n" . 'data: {"delta":"EMA"}' . "\n\n";
        self::assertSame('see [EMA', implode('', array_map(static fn(string $e): string => json_decode(substr($e, 6), true)['delta'] ?? '', explode("\n\n", $pseudonyms->restoreAnswer($stream)))));
    }

    /** @return iterable<string, array{string, string}> */
    public function unreadable(): iterable
    {
        yield 'a picture' => ['{"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]}', 'binary-content'];
        yield 'a file without its kind' => ['{"inlineData":{"data":"' . str_repeat('QUJD', 200) . '"}}', 'binary-content'];
        yield 'a form with parts' => ["--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n...", 'no-json'];
        yield 'a person in a name' => ['{"jane@example.com":"x"}', 'personal-data-in-name'];
        yield 'a number of somebody' => ['{"iban":"x","card_number":4111111111111111}', 'personal-data-in-number'];
    }

    /** @dataProvider unreadable */
    public function testRefusesWhatCannotBeLookedAt(string $body, string $reason): void
    {
        $this->expectException(Unreadable::class);
        $this->expectExceptionMessage($reason);
        new Anonymised(['body' => $body], '/v1/chat/completions', '');
    }

    public function testKeepsWhatIsNoText(): void
    {
        $body = '{"model":"gpt-x","temperature":1.0,"tools":[],"metadata":{},"n":1,"messages":[{"role":"user","content":"hello"}]}';
        self::assertSame($body, (new Anonymised(['body' => $body], '/v1/chat/completions', ''))->args['body']);
    }

    /** @return iterable<string, array{string}> */
    public function shapes(): iterable
    {
        $text = 'Dr Roe: write to jane.roe@example.com, card 4111 1111 1111 1111';
        yield 'completions' => [(string) json_encode(['model' => 'm', 'prompt' => [$text]])];
        yield 'responses' => [(string) json_encode(['model' => 'm', 'instructions' => $text, 'input' => [['role' => 'user', 'content' => [['type' => 'input_text', 'text' => $text]]]]])];
        yield 'messages with tools' => [(string) json_encode(['model' => 'm', 'system' => [['type' => 'text', 'text' => $text]], 'messages' => [['role' => 'user', 'content' => [['type' => 'tool_result', 'content' => $text]]]]])];
        yield 'contents' => [(string) json_encode(['contents' => [['role' => 'user', 'parts' => [['text' => $text]]]], 'systemInstruction' => ['parts' => [['text' => $text]]]])];
        yield 'generate' => [(string) json_encode(['model' => 'm', 'prompt' => $text, 'system' => $text, 'options' => ['temperature' => 0]])];
        yield 'arguments of a function, JSON in a text' => [(string) json_encode(['model' => 'm', 'messages' => [['role' => 'assistant', 'tool_calls' => [['function' => ['name' => 'mail', 'arguments' => json_encode(['to' => $text])]]]]]])];
        yield 'any other' => [(string) json_encode(['question' => ['deep' => [$text]], 'user' => 'jane.roe@example.com'])];
    }

    /** @dataProvider shapes */
    public function testLooksAtTheTextsOfEveryService(string $body): void
    {
        $anonymised = new Anonymised(['body' => $body], '/v1/x', '');
        self::assertStringNotContainsString('jane.roe@example.com', $anonymised->args['body']);
        self::assertStringNotContainsString('4111 1111 1111 1111', $anonymised->args['body']);
        self::assertSame($body, $anonymised->pseudonyms->restoreJson(str_replace('/', '\\/', $anonymised->args['body'])));
    }

    public function testAPersonInAnAddressOrAHeaderIsRefused(): void
    {
        foreach ([['/v1/x', 'q=jane%40example.com', []], ['/jane@example.com', '', []], ['/v1/x', '', ['X-User' => 'jane@example.com']]] as [$path, $query, $headers]) {
            try {
                new Anonymised(['body' => '', 'headers' => $headers], $path, $query);
                self::fail('it was not refused');
            } catch (Unreadable $refusal) {
                self::assertSame('personal-data-in-address', $refusal->getMessage());
            }
        }
    }

    public function testAKeyInAnAddressIsNotRefused(): void
    {
        $anonymised = new Anonymised(['body' => '', 'headers' => ['Authorization' => 'Bearer made-up']], '/v1beta/models/m:generateContent', 'key=AIza' . str_repeat('Zx9Kq', 7));
        self::assertSame('', $anonymised->args['body']);
    }
}
