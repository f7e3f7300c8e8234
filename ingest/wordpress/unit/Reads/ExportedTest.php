<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Reads;

use PHPUnit\Framework\TestCase;
use Tourniquet\Observe\Persons\Exported;
use Tourniquet\Observe\Persons\Found;
use Tourniquet\Observe\Persons\Vocabulary;

final class ExportedTest extends TestCase
{
    public function testRowsOfCsvAreRecordsAndNotLines(): void
    {
        self::assertSame(2, Exported::rowsOf("1,\"two\nlines\",\"a \"\"b\"\"\"\n2,plain,x\n"));
        self::assertSame(0, Exported::rowsOf("\n \n"));
    }

    public function testPersonsOfCsvAndOfRowsAreFound(): void
    {
        $found = new Found(null);
        Exported::csv("jo@people.example,10\n\"Ann <ann@people.example>\",3\njo@people.example,2\n", $found);
        Exported::row(['name' => 'M', 'email' => '', 'user_id' => 4, 'orders_count' => 2], $found);
        self::assertSame(3, $found->count());
        self::assertSame(['pii.email', 'pii.name'], $found->classes());
    }

    public function testTheVocabularyKnowsFieldsByTheirUsualSpellings(): void
    {
        foreach (['E-mail' => null, 'Billing Email' => 'pii.email', 'your-email' => 'pii.email', 'patient_name' => 'pii.name', 'Date of Birth' => 'pii.birth_date', 'total' => null, 'jo@people.example' => null] as $name => $class) {
            self::assertSame($class, Vocabulary::of($name)[1] ?? null, $name);
        }
    }
}
