<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Contain;

use PHPUnit\Framework\TestCase;
use Tourniquet\Contain\Command;

final class CommandTest extends TestCase
{
    public function testEachVectorHasItsVerdictAndText(): void
    {
        $vectors = json_decode((string) file_get_contents(__DIR__ . '/../../../../contracts/vectors/command.json'), true);
        $key = sodium_base642bin($vectors['public_key'], SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
        self::assertNotEmpty($vectors['commands']);
        foreach ($vectors['commands'] as $case) {
            $command = Command::parse($case['command']);
            $verdict = $command === null ? 'malformed' : $command->refusal($vectors['site'], $key, $vectors['highest_counter'], $vectors['now']) ?? 'taken';
            self::assertSame($case['verdict'], $verdict, $case['name']);
            if ($command !== null && isset($case['text'])) {
                self::assertSame($case['text'], $command->text(), $case['name']);
            }
        }
    }

    public function testWhatIsSignedMuchLaterThanNowIsRefused(): void
    {
        $vectors = json_decode((string) file_get_contents(__DIR__ . '/../../../../contracts/vectors/command.json'), true);
        $key = sodium_base642bin($vectors['public_key'], SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
        $command = Command::parse($vectors['commands'][0]['command']);
        self::assertNotNull($command);
        self::assertSame('from-the-future', $command->refusal('shop', $key, 0, $command->issuedAtMs - 600001));
        self::assertNull($command->refusal('shop', $key, 0, $command->issuedAtMs - 599999));
    }

    public function testWithoutAPinnedKeyNothingHolds(): void
    {
        $vectors = json_decode((string) file_get_contents(__DIR__ . '/../../../../contracts/vectors/command.json'), true);
        $command = Command::parse($vectors['commands'][0]['command']);
        self::assertNotNull($command);
        self::assertSame('unknown-key', $command->refusal('shop', '', 0, $command->issuedAtMs));
    }
}
