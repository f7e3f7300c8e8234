<?php

declare(strict_types=1);

namespace Tourniquet\Unit\Chain;

use PHPUnit\Framework\TestCase;
use Tourniquet\Chain\AesGcm;
use Tourniquet\Chain\Box;
use Tourniquet\Chain\Checkpoint;
use Tourniquet\Chain\EnrolmentLine;
use Tourniquet\Chain\Receipt;
use Tourniquet\Chain\Recipients;
use Tourniquet\Unit\Vectors;

final class AnswersTest extends TestCase
{
    public function testReceiptsOfTheContractHoldAndNoOther(): void
    {
        $vectors = Vectors::json('receipt.json');
        foreach ($vectors['batches'] as $batch) {
            foreach ($batch['receipts'] as $i => $receipt) {
                self::assertTrue(Receipt::holds($receipt));
                self::assertSame($vectors['leaf_texts'][$i], Receipt::text($receipt));
                self::assertTrue(Receipt::covers($receipt, $receipt, $receipt['key']));
                foreach (['received_at' => 1, 'lines' => 5, 'index' => $receipt['index'] + 1, 'size' => $receipt['size'] + 1, 'site' => 'other', 'v' => 1, 'path' => ['x'], 'signature' => ''] as $name => $value) {
                    self::assertFalse(Receipt::holds([$name => $value] + $receipt), $name);
                }
                self::assertFalse(Receipt::covers($receipt, ['head' => 'x'] + $receipt, $receipt['key']));
                self::assertFalse(Receipt::covers($receipt, $receipt, str_repeat('A', 43)));
            }
        }
        self::assertFalse(Receipt::covers(null, [], ''));
        self::assertFalse(Receipt::covers(['v' => 2], [], ''));
    }

    public function testACheckpointIsEchoedAsSizeAndRoot(): void
    {
        $vectors = Vectors::json('checkpoint.json');
        $seen = '5:77AVka7ZbDfD2Opk/79oXwANuIZS/fuuzo1U873B7jY=';
        self::assertSame($seen, Checkpoint::seen($vectors['note']));
        self::assertSame($seen, Checkpoint::seen($seen));
        foreach ([null, '', $vectors['text'], "x\n05\nAAAA\n\n", $seen . "\n", ['a']] as $other) {
            self::assertNull(Checkpoint::seen($other));
        }
    }

    public function testEnrolmentLinesAreReadAsTheContractSays(): void
    {
        foreach (Vectors::rows('enrolment.ndjson') as $row) {
            $line = EnrolmentLine::parse($row['line']);
            self::assertSame($row['site'], $line === null ? null : $line->site, $row['line']);
            if ($line !== null) {
                self::assertSame($row['gateway_url'], $line->gatewayUrl);
            }
        }
        foreach (Vectors::rows('names.ndjson') as $row) {
            self::assertSame($row['valid'], EnrolmentLine::isName($row['name']), $row['name']);
        }
    }

    public function testRecipientsOfABundleOpenWithTheTokenKeyOfTheirEpoch(): void
    {
        $vectors = Vectors::json('recipients.json');
        $file = json_encode($vectors['sealed']);
        $key = (string) hex2bin($vectors['token_key']);
        self::assertSame($vectors['opened'], Recipients::open($file, [2 => $key]));
        self::assertNull(Recipients::open($file, [1 => $key]));
        self::assertNull(Recipients::open($file, [2 => str_repeat("\0", 32)]));
        self::assertNull(Recipients::open('{}', [2 => $key]));
    }

    public function testSodiumOpensWhatOpenSslSeals(): void
    {
        $key = random_bytes(32);
        $nonce = random_bytes(12);
        $tag = '';
        $sealed = openssl_encrypt('text', 'aes-256-gcm', $key, OPENSSL_RAW_DATA, $nonce, $tag, 'about') . $tag;
        self::assertSame('text', AesGcm::open($sealed, $key, $nonce, 'about'));
        self::assertNull(AesGcm::open($sealed, $key, $nonce, 'other'));
        if (sodium_crypto_aead_aes256gcm_is_available()) {
            self::assertSame('text', AesGcm::openBySodium($sealed, $key, $nonce, 'about'));
            self::assertNull(AesGcm::openBySodium('x' . $sealed, $key, $nonce, 'about'));
        }
    }

    public function testLettersOfTheContractOpenInTheirBoxAlone(): void
    {
        $vectors = Vectors::json('letter.json');
        foreach ($vectors['letters'] as $letter) {
            $opened = (new Box((string) hex2bin($letter['box_private'])))->open($letter['sealed'], $letter['site'], $letter['key_epoch']);
            self::assertSame($letter['token_key'], $opened === null ? null : bin2hex($opened), $letter['name']);
        }
    }

    public function testTheMailboxIsThatOfTheContract(): void
    {
        $vectors = Vectors::json('letter.json');
        $box = new Box((string) hex2bin($vectors['box_private']));
        self::assertSame([$vectors['box_key'], $vectors['mailbox_secret'], $vectors['mailbox_hash']], [$box->public(), $box->mailboxSecret(), $box->mailboxHash()]);
    }
}
