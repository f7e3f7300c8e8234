<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Spool;

use PHPUnit\Framework\TestCase;
use Tourniquet\Spool\Answer;

final class AnswerTest extends TestCase
{
    public function testTakesWhatAGatewayMaySay(): void
    {
        $commands = array_fill(0, 200, ['action' => 'set-policy', 'target' => str_repeat('{"[', 60)]);
        self::assertSame(['commands' => $commands], (new Answer(200, (string) json_encode(['commands' => $commands])))->json());
        self::assertSame('TQ-GATEWAY-06', (new Answer(400, '{"code":"TQ-GATEWAY-06","message":"x"}'))->code());
    }

    public function testBuildsNothingOfAnAnswerOfBrackets(): void
    {
        self::assertCount(0, (new Answer(200, '[' . str_repeat('[[[[[[[[]]]]]]]],', 200000) . '1]'))->json());
    }
}
